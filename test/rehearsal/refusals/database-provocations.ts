import type { Provocation } from './refusal';
import type { Stage } from './stage';

/** What is wrong in a database: each is made by the engine's superuser, on real tables and roles of the migration. */
export const tableWithoutKey: Provocation = {
  title: 'a table without a key',
  provoke: (stage) => stage.sql('source', 'CREATE TABLE public.keyless (anything text)'),
  undo: (stage) => stage.sql('source', 'DROP TABLE public.keyless'),
  code: 'table-without-key',
  says: /no primary key: public\.keyless/,
  setting: 'waivers',
  next: /add a primary key/,
};

export const nightlyRole: Provocation = {
  title: 'a role that logs in once a night',
  provoke: (stage) => stage.sql('source', 'CREATE ROLE nightly LOGIN'),
  undo: (stage) => stage.sql('source', 'DROP ROLE nightly'),
  code: 'undeclared-account',
  says: /on the source|to the source.*nightly \(0 sessions open\)/,
  setting: 'accounts',
  next: /^declare .* or ALTER ROLE \w+ NOLOGIN on the source/,
};

export const undeclaredSession: Provocation = {
  title: 'a session of an account that nobody declared, though it could not log in again',
  provoke: async (stage) => {
    await stage.sql('source', `CREATE ROLE spreadsheet LOGIN PASSWORD 'macro'`);
    await stage.session('spreadsheet', 'source', 'SELECT 1', { user: 'spreadsheet', password: 'macro' });
    await stage.sql('source', 'ALTER ROLE spreadsheet NOLOGIN');
  },
  undo: async (stage) => {
    await stage.endSession('spreadsheet');
    await stage.sql('source', 'DROP ROLE spreadsheet');
  },
  code: 'undeclared-account',
  says: /to the source.*spreadsheet \(1 sessions open\)/,
  setting: 'accounts',
};

export const mayNotCreateSchemas: Provocation = {
  title: 'a grant that the runbook’s account lacks on the target',
  provoke: (stage) => stage.sql('target', 'REVOKE CREATE ON DATABASE tiny FROM cutover_runbook'),
  // The statement that the refusal names, to the letter.
  undo: (stage, told) => stage.sql('target', told?.next ?? 'GRANT CREATE ON DATABASE tiny TO cutover_runbook'),
  code: 'missing-privilege',
  says: /on the target the runbook’s account lacks: CREATE on the database/,
  setting: 'accounts.runbook',
  next: /^GRANT CREATE ON DATABASE tiny TO cutover_runbook$/,
};

const mayNotEndSessions: Provocation = {
  title: 'a grant that the runbook’s account lacks on the source',
  provoke: (stage) => stage.sql('source', 'REVOKE pg_signal_backend FROM cutover_runbook'),
  undo: (stage, told) => stage.sql('source', told?.next ?? 'GRANT pg_signal_backend TO cutover_runbook'),
  code: 'missing-privilege',
  says: /on the source the runbook’s account lacks: ending sessions/,
  setting: 'accounts.runbook',
  next: /^GRANT pg_signal_backend TO cutover_runbook$/,
};

const mayNotLock: Provocation = {
  title: 'an account of the target that the runbook’s account may not lock',
  provoke: (stage) => stage.sql('target', 'REVOKE ADMIN OPTION FOR tiny_app FROM cutover_runbook'),
  undo: (stage, told) => stage.sql('target', told?.next ?? 'GRANT tiny_app TO cutover_runbook WITH ADMIN OPTION'),
  code: 'missing-privilege',
  says: /on the target the runbook’s account lacks: ADMIN OPTION on tiny_app/,
  setting: 'accounts.runbook',
  next: /^GRANT tiny_app TO cutover_runbook WITH ADMIN OPTION$/,
};

const superuserAccount: Provocation = {
  title: 'an application account that is a superuser',
  provoke: (stage) => stage.sql('source', 'ALTER ROLE tiny_worker SUPERUSER'),
  undo: (stage) => stage.sql('source', 'ALTER ROLE tiny_worker NOSUPERUSER'),
  code: 'account-fault',
  says: /on the source: .*tiny_worker is a superuser/,
  setting: 'accounts',
  next: /^ALTER ROLE tiny_worker NOSUPERUSER on the source$/,
};

const owningAccount: Provocation = {
  title: 'an application account that owns a table',
  provoke: (stage) => stage.sql('target', 'ALTER TABLE public.pets OWNER TO tiny_app'),
  undo: (stage) =>
    stage.sql(
      'target',
      // The owner's privileges go with the ownership, those that were granted before included.
      'ALTER TABLE public.pets OWNER TO tiny_owner; GRANT SELECT, INSERT, UPDATE, DELETE ON public.pets TO tiny_app',
    ),
  code: 'account-fault',
  says: /on the target: .*tiny_app owns public\.pets/,
  setting: 'accounts',
};

const writingReader: Provocation = {
  title: 'a read account that may write',
  provoke: (stage) => stage.sql('target', 'GRANT INSERT ON public.owners TO tiny_report'),
  undo: (stage) => stage.sql('target', 'REVOKE INSERT ON public.owners FROM tiny_report'),
  code: 'account-fault',
  says: /on the target: .*tiny_report may write public\.owners/,
  setting: 'accounts',
};

const oldTransaction: Provocation = {
  title: 'a transaction that has been open for too long',
  provoke: (stage) =>
    stage.session('old', 'source', 'BEGIN; SELECT pg_sleep(1.1)', {
      user: 'tiny_app',
      password: stage.world.credentials.passwordOf('tiny_app'),
    }),
  undo: (stage) => stage.endSession('old'),
  code: 'old-transaction',
  says: /tiny_app has had a transaction open on the source for \d+ s, 1 s are allowed/,
  setting: 'gates.maxOpenTransactionSeconds',
  next: /^SELECT pg_terminate_backend\(\d+\) on the source/,
};

const preparedTransaction: Provocation = {
  title: 'a prepared transaction',
  provoke: (stage) =>
    stage.sql('source', `BEGIN; UPDATE public.owners SET tags = tags WHERE id = 1; PREPARE TRANSACTION 'left behind'`),
  undo: (stage) => stage.sql('source', `ROLLBACK PREPARED 'left behind'`),
  code: 'prepared-transaction',
  says: /1 prepared transactions wait on the source, 0 are allowed: left behind/,
  next: /ROLLBACK PREPARED 'left behind'/,
};

const ddlUnderWay: Provocation = {
  title: 'DDL under way',
  provoke: (stage) => stage.session('ddl', 'source', 'BEGIN; ALTER TABLE public.visits ADD COLUMN mood text'),
  undo: (stage) => stage.endSession('ddl'),
  code: 'ddl-under-way',
  says: /postgres changes public\.visits on the source \(process \d+\)/,
  next: /SELECT pg_cancel_backend\(\d+\) on the source/,
};

const firingTrigger: Provocation = {
  title: 'a trigger that would fire a second time',
  provoke: (stage) =>
    stage.sql(
      'target',
      `CREATE FUNCTION public.count_again() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
       CREATE TRIGGER again BEFORE INSERT ON public.owners FOR EACH ROW EXECUTE FUNCTION public.count_again();
       ALTER TABLE public.owners ENABLE ALWAYS TRIGGER again`,
    ),
  undo: (stage) => stage.sql('target', 'DROP FUNCTION public.count_again() CASCADE'),
  code: 'firing-trigger',
  says: /1 triggers or rules of the target .* 0 are allowed: again on public\.owners/,
};

const exceptionRow: Provocation = {
  title: 'new rows in the exception table',
  provoke: (stage) =>
    stage.sql(
      'target',
      `INSERT INTO awsdms_control.awsdms_apply_exceptions
         VALUES ('CUTOVERLOAD', 'public', 'owners', now(), 'INSERT INTO owners …', 'duplicate key')`,
    ),
  undo: (stage) => stage.sql('target', 'DELETE FROM awsdms_control.awsdms_apply_exceptions'),
  code: 'apply-exceptions',
  says: /1 rows stand in awsdms_control\.awsdms_apply_exceptions of the target, 0 are allowed/,
  next: /SELECT \* FROM awsdms_control\.awsdms_apply_exceptions on the target/,
};

const suspendedTable: Provocation = {
  title: 'a table that DMS has suspended',
  provoke: (stage) =>
    stage.sql(
      'target',
      `INSERT INTO awsdms_control.awsdms_suspended_tables VALUES ('rehearsal', 'CUTOVERLOAD', 'public', 'pets', 'too many errors', now())`,
    ),
  undo: (stage) => stage.sql('target', 'DELETE FROM awsdms_control.awsdms_suspended_tables'),
  code: 'apply-exceptions',
  says: /DMS has suspended public\.pets/,
};

const sequenceNearEnd: Provocation = {
  title: 'a sequence near the end of its column’s type, though not of its own',
  provoke: (stage) =>
    stage.sql(
      'source',
      `ALTER SEQUENCE public.visits_id_seq AS bigint; SELECT setval('public.visits_id_seq', 2147480000)`,
    ),
  undo: (stage) =>
    stage.sql('source', `SELECT setval('public.visits_id_seq', 200); ALTER SEQUENCE public.visits_id_seq AS integer`),
  code: 'sequence-near-end',
  says: /public\.visits_id_seq on the source stands at 2147480000 of 2147483647: 0 % of its values are left, 20 % are asked for/,
  setting: 'gates.minSequenceRoomPercent',
};

const shortRetention: Provocation = {
  title: 'a log that is not kept for the rollback window',
  provoke: async (stage) => {
    await stage.sql('target', `ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'`);
    await stage.sql('target', 'SELECT pg_reload_conf()');
  },
  undo: async (stage) => {
    await stage.sql('target', 'ALTER SYSTEM RESET max_slot_wal_keep_size');
    await stage.sql('target', 'SELECT pg_reload_conf()');
  },
  code: 'retention-too-short',
  says: /the target may hold back 1\.0 MiB of log .* rollback window of 600 s needs [\d.]+ MiB/,
  setting: 'timing.rollbackWindowSeconds',
  next: /^ALTER SYSTEM SET max_slot_wal_keep_size = '\d+MB' .*, on the target/,
};

const noStatistics: Provocation = {
  title: 'a table whose planner statistics were never made',
  provoke: (stage) => stage.sql('target', `SELECT pg_stat_reset_single_table_counters('public.pets'::regclass)`),
  undo: (stage) => stage.sql('target', 'ANALYZE public.pets'),
  code: 'no-statistics',
  says: /never analysed on the target: public\.pets/,
  setting: 'tables',
  next: /^ANALYZE public\.pets/,
};

const oldVerification: Provocation = {
  title: 'a verification of long ago',
  provoke: (stage) => moveVerification(stage, '-'),
  undo: (stage) => moveVerification(stage, '+'),
  code: 'verification-too-old',
  says: /the last clean verification is \d+ s old, \d+ s are allowed/,
  setting: 'gates.maxVerificationAgeSeconds',
  next: /^cutover verify --execute$/,
};
const moveVerification = (stage: Stage, sign: '+' | '-') =>
  stage.sql(
    'source',
    `UPDATE cutover_local.verification SET finished_at_milliseconds = finished_at_milliseconds ${sign} 8640000000`,
  );

const impatientSender: Provocation = {
  title: 'a setting with which replication out of the target would break off',
  // New sessions only: the replication that runs keeps its own.
  provoke: (stage) => stage.sql('target', `ALTER DATABASE tiny SET wal_sender_timeout = '5s'`),
  undo: (stage) => stage.sql('target', 'ALTER DATABASE tiny RESET wal_sender_timeout'),
  code: 'setting-fault',
  says: /on the target: wal_sender_timeout is 5000 ms, needed is 0 or at least 10000 ms/,
  setting: 'wal_sender_timeout',
};

export const missingIndex: Provocation = {
  title: 'a target without a key that the source has',
  provoke: (stage) => stage.sql('target', 'ALTER TABLE public.owners DROP CONSTRAINT owners_name_key'),
  undo: (stage) => stage.sql('target', 'ALTER TABLE public.owners ADD CONSTRAINT owners_name_key UNIQUE (name)'),
  code: 'schema-differs',
  says: /unique key public\.owners: source UNIQUE \(name\), target has none/,
  setting: 'waivers',
  next: /ALTER TABLE|CREATE UNIQUE INDEX/,
};

/** In the order in which they can stand beside each other: the open transaction is the oldest, and locks come last. */
export const inTheDatabases: readonly Provocation[] = [
  oldTransaction,
  tableWithoutKey,
  nightlyRole,
  undeclaredSession,
  mayNotEndSessions,
  mayNotLock,
  superuserAccount,
  owningAccount,
  writingReader,
  preparedTransaction,
  firingTrigger,
  noStatistics,
  oldVerification,
  impatientSender,
  exceptionRow,
  suspendedTable,
  sequenceNearEnd,
  shortRetention,
  ddlUnderWay,
];
