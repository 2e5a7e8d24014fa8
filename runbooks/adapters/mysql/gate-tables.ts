/** What the write gate and the positions keep in `cutover_local`: made by `install`, idempotent, in this order. */
export const gateTables: readonly string[] = [
  // Accounts that a fence closes, recorded before it does: exactly these are let in again. `requirement` holds what an
  // account had to show at its login where not its lock closes it.
  `CREATE TABLE IF NOT EXISTS cutover_local.fenced_account (
    account VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    requirement TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    epoch BIGINT NOT NULL,
    fenced_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)) ENGINE = InnoDB`,
  // Events that a fence disables, with what an ALTER EVENT would change beside.
  `CREATE TABLE IF NOT EXISTS cutover_local.fenced_event (
    event_schema VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    event_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    definer VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    sql_mode TEXT CHARACTER SET ascii NOT NULL,
    client_charset VARCHAR(64) CHARACTER SET ascii NOT NULL,
    client_collation VARCHAR(64) CHARACTER SET ascii NOT NULL,
    epoch BIGINT NOT NULL,
    fenced_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (event_schema, event_name)) ENGINE = InnoDB`,
  // What PostgreSQL keeps in a slot: where in the binlog somebody starts. The binlog is not kept by it.
  `CREATE TABLE IF NOT EXISTS cutover_local.log_position (
    name VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    file VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    position BIGINT UNSIGNED NOT NULL,
    gtid TEXT CHARACTER SET ascii NOT NULL,
    opened_at_milliseconds BIGINT NULL,
    epoch BIGINT NOT NULL,
    remembered_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)) ENGINE = InnoDB`,
];
