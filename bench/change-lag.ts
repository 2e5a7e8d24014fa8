/** How old a change of MariaDB is when PostgreSQL shows it, at a thousand writes a second through the rehearsal's replicator. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection as Session } from 'mysql2/promise';
import {
  mysqlRequest,
  mysqlToPostgres,
  startMysqlAlone,
  type MysqlToPostgres,
} from '../test/rehearsal/replicator/mysql-to-postgres';
import { openSession } from '../test/rehearsal/replicator/databases';
import { RunningTask } from '../test/rehearsal/replicator/running-task';
import type { Figure } from './main';

const writesPerSecond = 1_000;
const writers = 4;
const warmUpMilliseconds = 3_000;
const measuredMilliseconds = 20_000;
const beatMilliseconds = 100;

const source = `CREATE TABLE orders (id bigint PRIMARY KEY AUTO_INCREMENT, customer int NOT NULL, amount decimal(14, 2) NOT NULL,
    state enum('draft', 'open', 'paid') NOT NULL, placed datetime(6) NOT NULL, note varchar(200));
  CREATE TABLE heartbeat (id int PRIMARY KEY, number bigint NOT NULL)`;
const target = `CREATE TABLE app.orders (id bigint PRIMARY KEY, customer int NOT NULL, amount numeric(14, 2) NOT NULL,
    state text NOT NULL, placed timestamp NOT NULL, note text);
  CREATE TABLE app.heartbeat (id int PRIMARY KEY, number bigint NOT NULL)`;

/** Inserts, and every third write an update, each its own transaction; behind its pace it does not wait. */
async function write(session: Session, until: number): Promise<number> {
  const begun = Date.now();
  let count = 0;
  for (; Date.now() < until; count += 1) {
    const due = begun + (count * 1000 * writers) / writesPerSecond;
    if (due > Date.now() + 1) await sleep(due - Date.now());
    await session.execute(
      count % 3 === 2
        ? "UPDATE app.orders SET state = 'paid', amount = amount + 1 WHERE id = LAST_INSERT_ID()"
        : "INSERT INTO app.orders (customer, amount, state, placed, note) VALUES (17, 12.34, 'open', NOW(6), REPEAT('n', 80))",
    );
  }
  return count;
}

/** Milliseconds from the statement of each heartbeat to the moment in which the target shows it. */
async function beat(databases: MysqlToPostgres, from: number, until: number): Promise<number[]> {
  const session = await databases.connect();
  const reader = await openSession(databases.engines.target);
  const lags: number[] = [];
  for (let number = 1; Date.now() < until; number += 1) {
    const sent = performance.now();
    await session.execute('REPLACE INTO app.heartbeat VALUES (1, ?)', [number]);
    for (;;) {
      const { rows } = await reader.query<{ seen: boolean }>('SELECT number >= $1 AS seen FROM app.heartbeat', [
        number,
      ]);
      if (rows[0]?.seen) break;
      await sleep(2);
    }
    if (Date.now() > from) lags.push(performance.now() - sent);
    await sleep(beatMilliseconds);
  }
  await Promise.all([session.end(), reader.end()]);
  return lags;
}

export async function run(): Promise<Figure[]> {
  const mysql = await startMysqlAlone({});
  const databases = await mysqlToPostgres(mysql);
  await databases.prepare(source, target);
  const task = new RunningTask(mysqlRequest(databases, 'bench-lag', { migrationType: 'cdc' }));
  try {
    await task.running();
    const sessions = await Promise.all(Array.from({ length: writers }, () => databases.connect()));
    const begun = Date.now();
    const until = begun + warmUpMilliseconds + measuredMilliseconds;
    const [lags, ...counts] = await Promise.all([
      beat(databases, begun + warmUpMilliseconds, until),
      ...sessions.map((session) => write(session, until)),
    ]);
    await Promise.all(sessions.map((session) => session.end()));
    const seconds = (until - begun) / 1000;
    const sorted = lags.toSorted((a, b) => a - b);
    const percentile = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? NaN;
    return [
      { name: 'writes', value: counts.reduce((sum, count) => sum + count, 0) / seconds, unit: '1/s' },
      { name: 'heartbeat, half within', value: percentile(0.5), unit: 'ms' },
      { name: 'heartbeat, 95 % within', value: percentile(0.95), unit: 'ms' },
    ];
  } finally {
    await task.stop();
    await databases.stop();
    await mysql.stop();
  }
}
