import type { EngineWords } from './engine-words';

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const identifier = (text: string) => `"${text.replaceAll('"', '""')}"`;
const transaction = (...statements: string[]) => ['BEGIN;', ...statements, 'COMMIT;'].join('\n');
const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1048576)}MB`;

export const postgresWords: EngineWords = {
  endSession: (processId) => `SELECT pg_terminate_backend(${processId})`,
  cancel: (processId) => `SELECT pg_cancel_backend(${processId})`,
  finishPrepared: (name) => `COMMIT PREPARED ${literal(name)}, or ROLLBACK PREPARED ${literal(name)}`,
  lockAccount: (account) => `ALTER ROLE ${account} NOLOGIN`,
  createLockedAccount: (account) => `CREATE ROLE ${account} NOLOGIN`,
  analyse: (tables) => `ANALYZE ${tables.join(', ')}`,
  widen: (sequence) => `ALTER SEQUENCE ${sequence} AS bigint`,
  silenceTrigger: (trigger) => `ALTER TABLE … ENABLE TRIGGER … (neither ALWAYS nor REPLICA), for ${trigger}`,
  keepLog: (bytes) => `ALTER SYSTEM SET max_slot_wal_keep_size = '${mebibytes(bytes)}' (RDS: in its parameter group)`,
  retentionSetting: 'max_slot_wal_keep_size',
  position: (name) => `replication slot ${name}`,
  positions: 'slots',
  positionsKeepLog: true,
  feed: 'a replication slot of the verification',
  create: 'Create the slot',
  drop: 'Drop',

  endRuns: (migration) =>
    [
      `UPDATE cutover_local.state SET epoch = epoch + 1 WHERE migration = ${literal(migration)};`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'cutover:%' AND datname = current_database() AND pid <> pg_backend_pid();`,
    ].join('\n'),

  decideUnwind: ({ migration, switchEpoch, direction, epoch }) =>
    [
      `INSERT INTO cutover_local.decision (migration, switch_epoch, direction, outcome, epoch) VALUES (${literal(migration)}, ${switchEpoch}, ${literal(direction)}, 'unwind', ${epoch}) ON CONFLICT DO NOTHING;`,
      `SELECT outcome FROM cutover_local.decision WHERE migration = ${literal(migration)} AND switch_epoch = ${switchEpoch};`,
    ].join('\n'),

  close: (accounts, epoch) => {
    const names = accounts.map(literal).join(', ');
    return [
      transaction(
        ...accounts.map(
          (account) =>
            `INSERT INTO cutover_local.fenced_account (account, epoch) VALUES (${literal(account)}, ${epoch}) ON CONFLICT DO NOTHING;`,
        ),
        ...accounts.map((account) => `ALTER ROLE ${identifier(account)} NOLOGIN;`),
      ),
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN (${names}) AND datname = current_database();`,
      `SELECT count(*) AS must_be_0 FROM pg_stat_activity WHERE usename IN (${names}) AND datname = current_database();`,
    ].join('\n');
  },

  open: (accounts) =>
    transaction(
      ...accounts.map((account) => `ALTER ROLE ${identifier(account)} LOGIN;`),
      `DELETE FROM cutover_local.fenced_account;`,
    ),
};
