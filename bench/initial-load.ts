/** The first load of a MariaDB or MySQL table into PostgreSQL by the rehearsal's replicator, against pgloader in the same run. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  mysqlRequest,
  mysqlToPostgres,
  startMysqlAlone,
  type MysqlToPostgres,
} from '../test/rehearsal/replicator/mysql-to-postgres';
import { RunningTask } from '../test/rehearsal/replicator/running-task';
import type { Figure } from './main';

const rows = 1_000_000;
const rounds = 3;

/** 15 columns of the usual types, about 285 bytes of text per row. */
const sourceTable = `CREATE TABLE app.t (id bigint unsigned NOT NULL PRIMARY KEY, customer_id int NOT NULL,
  email varchar(120) NOT NULL, name varchar(80), state enum('draft', 'open', 'paid'), amount decimal(14, 2), tax decimal(6, 4),
  ratio double, flag tinyint(1), created_at datetime(6), due date, uid char(36), note text, doc json, small smallint)`;
/** Each product counts as far as its own setting lets it. */
const counting = `SET SESSION sql_select_limit = DEFAULT
  /*M!100202 , max_recursive_iterations = ${rows} */ /*!80003 , cte_max_recursion_depth = ${rows} */`;
const fill = `INSERT INTO app.t WITH RECURSIVE numbers AS (SELECT 1 AS seq UNION ALL SELECT seq + 1 FROM numbers WHERE seq < ${rows})
  SELECT seq, seq % 1000, CONCAT('user', seq, '@example.com'), CONCAT('Name of customer ', seq),
  ELT(1 + seq % 3, 'draft', 'open', 'paid'), (seq * 37 % 100000) / 100, (seq % 100) / 1000, seq / 7e0, seq % 2,
  TIMESTAMP('2024-01-01') + INTERVAL seq * 1000123 MICROSECOND, DATE('2024-01-01') + INTERVAL seq % 365 DAY,
  INSERT(INSERT(INSERT(INSERT(LEFT(SHA2(seq, 256), 32), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-'),
  IF(seq % 5 > 0, REPEAT('note text ', 8), NULL), JSON_OBJECT('a', seq, 'b', CONCAT('x', seq)), seq % 100
  FROM numbers`;
const targetTable = `CREATE TABLE app.t (id bigint PRIMARY KEY, customer_id int NOT NULL, email text NOT NULL,
  name varchar(80), state text, amount numeric(14, 2), tax numeric(6, 4), ratio float8, flag boolean, created_at timestamp,
  due date, uid uuid, note text, doc jsonb, small smallint)`;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** With two workers and its own defaults; it makes the table and, after the rows, the primary key. */
async function pgloader({ engines: { source, target }, runFolder }: MysqlToPostgres): Promise<void> {
  const command = path.join(runFolder, 'load.pgloader');
  writeFileSync(
    command,
    `LOAD DATABASE
       FROM mysql://root:secret@${source.host}:${source.port}/app
       INTO postgresql://postgres:secret@${target.host}:${target.port}/postgres?sslmode=disable
       WITH include drop, create tables, create indexes, workers = 2, concurrency = 1, prefetch rows = 25000
       ALTER SCHEMA 'app' RENAME TO 'pgloader';\n`,
    { mode: 0o600 },
  );
  const options = { cwd: runFolder, maxBuffer: 1e8, timeout: 120_000, killSignal: 'SIGKILL' as const };
  const running = promisify(execFile)('pgloader', [command], options);
  // Where its heap is full it would ask on its input what to do.
  running.child.stdin?.end();
  const { stdout } = await running;
  if (/ERROR|FATAL/.test(stdout)) throw new Error(stdout);
}

/** pgloader speaks TLS to neither of these servers, so it is spared that work. */
async function allowPlaintext({ onTarget }: MysqlToPostgres): Promise<void> {
  await onTarget.query(`COPY (SELECT 'host all all 127.0.0.0/8 scram-sha-256') TO PROGRAM 'cat >> pg_hba.conf'`);
  await onTarget.query('SELECT pg_reload_conf()');
}

/** One run of a task that only loads, from its start to its end. */
async function load(databases: MysqlToPostgres, round: number): Promise<void> {
  const more = { migrationType: 'full-load' as const, startType: 'reload-target' as const };
  const { stopReason } = await new RunningTask(mysqlRequest(databases, `bench-${round}`, more)).end();
  if (stopReason !== 'Stop Reason FULL_LOAD_ONLY_FINISHED') throw new Error(`the load ended with ${stopReason}`);
}

async function count({ onTarget }: MysqlToPostgres, table: string): Promise<void> {
  const answer = await onTarget.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
  if (Number(answer.rows[0]?.count) !== rows) throw new Error(`${answer.rows[0]?.count} rows of ${rows} in ${table}`);
}

export async function run(): Promise<Figure[]> {
  const mysql = await startMysqlAlone({ 'innodb-buffer-pool-size': '1G', 'loose-require-secure-transport': 'OFF' });
  const databases = await mysqlToPostgres(mysql);
  try {
    await allowPlaintext(databases);
    await databases.prepare(`${sourceTable}; ${counting}; ${fill}; ANALYZE TABLE t`, targetTable);
    // pgloader knows none of the ways in which newer servers of MySQL ask for a password.
    const compares = mysql.engine.product === 'mariadb';
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await databases.onTarget.query('TRUNCATE app.t; CHECKPOINT');
      ours.push(await seconds(() => load(databases, round)));
      await count(databases, 'app.t');
      if (!compares) continue;
      await databases.onTarget.query('DROP SCHEMA IF EXISTS pgloader CASCADE; CREATE SCHEMA pgloader; CHECKPOINT');
      theirs.push(await seconds(() => pgloader(databases)));
      await count(databases, 'pgloader.t');
    }
    const loaded: Figure = { name: 'rows loaded', value: rows / median(ours), unit: 'rows/s' };
    if (!compares) return [loaded];
    return [
      loaded,
      { name: 'rows loaded by pgloader', value: rows / median(theirs), unit: 'rows/s' },
      { name: 'time of pgloader / of the replicator', value: median(theirs) / median(ours), unit: 'times' },
    ];
  } finally {
    await databases.stop();
    await mysql.stop();
  }
}
