import { gateTables } from './gate-tables';

/**
 * What Cutover keeps in a MySQL or MariaDB server, as databases of their own, which hold the migrations of every database
 * of this server. Names and meaning are those of PostgreSQL's control schema; times are the engine's own clock in UTC, for
 * people: nothing is ordered by them across the two sides. DDL commits each statement for itself, so all of it may be
 * repeated. `ROW_FORMAT=DYNAMIC` and short keys keep to the index limit of 5.7's older row formats.
 */
const table = (name: string, columns: string) =>
  `CREATE TABLE IF NOT EXISTS ${name} (${columns}) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
const sides = `IN ('source', 'target')`;
const directions = `IN ('forward', 'reverse')`;

/** Travels: each table is selected by the tasks of its own direction only. DMS needs primary keys. */
const flowTables = ['forward', 'reverse'].flatMap((direction) => [
  table(
    `cutover_flow.marker_${direction}`,
    'nonce varchar(128) PRIMARY KEY, epoch bigint NOT NULL, written_at datetime(6) NOT NULL',
  ),
  table(
    `cutover_flow.heartbeat_${direction}`,
    'id smallint PRIMARY KEY CHECK (id = 1), `sequence` bigint NOT NULL, written_at datetime(6) NOT NULL',
  ),
]);

/** Belongs to this side alone: excluded from every replication task. */
const localTables = [
  // One row per migration. Every effect locks it and compares `epoch`: what carries another one is refused.
  table(
    'cutover_local.state',
    `migration varchar(128) PRIMARY KEY, epoch bigint NOT NULL CHECK (epoch >= 0),
     primary_side varchar(10) NOT NULL CHECK (primary_side ${sides}),
     direction varchar(10) NOT NULL CHECK (direction ${directions}),
     phase varchar(20) NOT NULL CHECK (phase IN ('starting', 'steady', 'switching', 'opening', 'finalized')),
     switch_epoch bigint NOT NULL CHECK (switch_epoch >= 0), detail longtext NOT NULL, changed_at datetime(6) NOT NULL`,
  ),
  // The point of no return of each switch: at most one outcome, whoever commits first.
  table(
    'cutover_local.decision',
    `migration varchar(128) NOT NULL, switch_epoch bigint NOT NULL,
     direction varchar(10) NOT NULL CHECK (direction ${directions}),
     outcome varchar(10) NOT NULL CHECK (outcome IN ('open', 'unwind')), epoch bigint NOT NULL, accepted_loss longtext,
     decided_at datetime(6) NOT NULL, PRIMARY KEY (migration, switch_epoch)`,
  ),
  table(
    'cutover_local.verification',
    `migration varchar(128) NOT NULL, finished_at_milliseconds bigint NOT NULL, duration_milliseconds bigint NOT NULL,
     \`rows\` bigint NOT NULL, divergent_rows bigint NOT NULL, unverified_tables longtext NOT NULL,
     PRIMARY KEY (migration, finished_at_milliseconds)`,
  ),
  // How long each run's journal is, so that a cut tail is seen.
  table(
    'cutover_local.journal_head',
    'run_id varchar(128) PRIMARY KEY, records bigint NOT NULL, head varchar(128) NOT NULL',
  ),
  // Rows that the application's own accounts write to prove that a side accepts them.
  table(
    'cutover_local.write_proof',
    'nonce varchar(128) PRIMARY KEY, written_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)',
  ),
  // Effect connections by the user-level lock that each holds: a session without it is another's, whatever its number.
  table(
    'cutover_local.effect_session',
    `lock_name varchar(64) PRIMARY KEY, migration varchar(128) NOT NULL, epoch bigint NOT NULL,
     connection_id bigint unsigned NOT NULL, account varchar(255) NOT NULL, adopted_at datetime(6) NOT NULL`,
  ),
];

export const controlSchema: readonly string[] = [
  'CREATE DATABASE IF NOT EXISTS cutover_local DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  'CREATE DATABASE IF NOT EXISTS cutover_flow DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  ...localTables,
  ...gateTables,
  ...flowTables,
];

/** `database.table` of all that stands once it is installed. */
export const controlTables: readonly string[] = controlSchema.flatMap(
  (statement) => /^CREATE TABLE IF NOT EXISTS (\S+)/.exec(statement)?.[1] ?? [],
);
