import type { EngineWords } from './engine-words';

const literal = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/**
 * A session is ended by its number, and an account named by each of its hosts: where they are not known beforehand a
 * statement shows what is to be run.
 */
const runEach = '-- run each line that this shows, then go on:';

/** One that is no plain text is shown as it is typed. */
const xid = (name: string) => (/^X'[0-9a-f]*',X'/.test(name) ? name : literal(name));

/** `'name'@'host'` of a row of mysql.user. */
const account = `CONCAT(QUOTE(User), '@', QUOTE(Host))`;
const eventName = "CONCAT('`', REPLACE(event_schema, '`', '``'), '`.`', REPLACE(event_name, '`', '``'), '`')";

const isAscii =
  'LENGTH(CONCAT(event_schema, event_name, definer)) = CHAR_LENGTH(CONCAT(event_schema, event_name, definer))';

/**
 * `ALTER EVENT` takes over mode and character set of the session and makes its account the definer, unless all are given. A
 * name that is not ASCII is sent in the character set that the session has.
 */
const alterEvents = (change: string) =>
  [
    'SET @mode = @@SESSION.sql_mode, @charset = @@character_set_client, @collation = @@collation_connection;',
    runEach,
    `SELECT CONCAT('SET SESSION sql_mode = ', QUOTE(sql_mode), IF(${isAscii}, CONCAT(', character_set_client = ', client_charset, ', collation_connection = ', client_collation), ''), '; ALTER DEFINER = ', definer, ' EVENT ', ${eventName}, ' ${change}; SET SESSION sql_mode = @mode, character_set_client = @charset, collation_connection = @collation;') AS run_each FROM cutover_local.fenced_event;`,
  ].join('\n');

/** The list can fail as a whole, but never shows fewer than there are, whatever the server is set to. */
const mayFail =
  '-- "Cannot convert string" (MySQL 9): a statement under way has characters that this list cannot show; run the line again, or take the numbers from SHOW PROCESSLIST:';

export function mysqlWords(onRds: boolean): EngineWords {
  // Nobody but Amazon ends the sessions of others there (RDS User Guide, "Ending a session or query").
  const kill = (column: string) =>
    onRds ? `CONCAT('CALL mysql.rds_kill(', ${column}, ');')` : `CONCAT('KILL ', ${column}, ';')`;
  return {
    endSession: (processId) => (onRds ? `CALL mysql.rds_kill(${processId})` : `KILL ${processId}`),
    cancel: (processId) => (onRds ? `CALL mysql.rds_kill_query(${processId})` : `KILL QUERY ${processId}`),
    finishPrepared: (name) => `XA COMMIT ${xid(name)}, or XA ROLLBACK ${xid(name)}`,
    lockAccount: (name) => `ALTER USER ${name.includes('@') ? name : `${literal(name)}@'%'`} ACCOUNT LOCK`,
    createLockedAccount: (name) => `CREATE USER ${literal(name)}@'%' IDENTIFIED BY … ACCOUNT LOCK`,
    analyse: (tables) => `ANALYZE TABLE ${tables.join(', ')}`,
    widen: (column) => `ALTER TABLE … MODIFY … BIGINT, for ${column}`,
    silenceTrigger: (trigger) => `let ${trigger} begin with IF @cutover_replication IS NULL THEN … END IF`,
    keepLog: (_bytes, seconds) =>
      onRds
        ? `CALL mysql.rds_set_configuration('binlog retention hours', ${Math.ceil(seconds / 3600)})`
        : `SET GLOBAL binlog_expire_logs_seconds = ${Math.ceil(seconds)} (MySQL 5.7, MariaDB before 10.6: expire_logs_days = ${Math.ceil(seconds / 86_400)}), and the same in the server’s configuration`,
    retentionSetting: onRds ? 'binlog retention hours' : 'binlog_expire_logs_seconds',
    position: (name) => `remembered binlog position ${name}`,
    positions: 'binlog positions',
    positionsKeepLog: false,
    feed: 'nothing but a connection that reads the binlog',
    create: 'Remember the binlog position',
    drop: 'Forget',

    endRuns: (migration) =>
      [
        `UPDATE cutover_local.state SET epoch = epoch + 1 WHERE migration = ${literal(migration)};`,
        runEach,
        `SELECT ${kill('connection_id')} AS run_each FROM cutover_local.effect_session WHERE migration = ${literal(migration)} AND IS_USED_LOCK(lock_name) = connection_id;`,
      ].join('\n'),

    decideUnwind: ({ migration, switchEpoch, direction, epoch }) =>
      [
        `INSERT IGNORE INTO cutover_local.decision (migration, switch_epoch, direction, outcome, epoch, decided_at) VALUES (${literal(migration)}, ${switchEpoch}, ${literal(direction)}, 'unwind', ${epoch}, UTC_TIMESTAMP(6));`,
        `SELECT outcome FROM cutover_local.decision WHERE migration = ${literal(migration)} AND switch_epoch = ${switchEpoch};`,
      ].join('\n'),

    // Statements about accounts commit each for itself, so what is closed is recorded first.
    close: (accounts, epoch) => {
      const names = accounts.map(literal).join(', ');
      return [
        `INSERT IGNORE INTO cutover_local.fenced_account (account, epoch) SELECT ${account}, ${epoch} FROM mysql.user WHERE User IN (${names});`,
        `INSERT IGNORE INTO cutover_local.fenced_event (event_schema, event_name, definer, sql_mode, client_charset, client_collation, epoch) SELECT EVENT_SCHEMA, EVENT_NAME, CONCAT(QUOTE(LEFT(DEFINER, CHAR_LENGTH(DEFINER) - 1 - CHAR_LENGTH(SUBSTRING_INDEX(DEFINER, '@', -1)))), '@', QUOTE(SUBSTRING_INDEX(DEFINER, '@', -1))), SQL_MODE, CHARACTER_SET_CLIENT, COLLATION_CONNECTION, ${epoch} FROM information_schema.EVENTS WHERE STATUS = 'ENABLED' AND EVENT_SCHEMA NOT IN ('mysql', 'sys');`,
        runEach,
        `SELECT CONCAT('ALTER USER ', ${account}, ' ACCOUNT LOCK;') AS run_each FROM mysql.user WHERE User IN (${names});`,
        alterEvents('DISABLE'),
        mayFail,
        runEach,
        `SELECT ${kill('ID')} AS run_each FROM information_schema.PROCESSLIST WHERE USER IN (${names});`,
        `SELECT COUNT(*) AS must_be_0 FROM information_schema.PROCESSLIST WHERE USER IN (${names});`,
      ].join('\n');
    },

    // `requirement` is what an account had to show before, where a fence could not lock it.
    open: () =>
      [
        runEach,
        `SELECT CONCAT('ALTER USER ', account, IF(requirement IS NULL, '', CONCAT(' REQUIRE ', requirement)), ' ACCOUNT UNLOCK;') AS run_each FROM cutover_local.fenced_account;`,
        alterEvents('ENABLE'),
        'DELETE FROM cutover_local.fenced_account;',
        'DELETE FROM cutover_local.fenced_event;',
      ].join('\n'),
  };
}
