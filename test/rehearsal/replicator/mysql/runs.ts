import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ControlServer } from '../control-server';
import { mysqlRequest, type MysqlToPostgres } from '../mysql-to-postgres';
import { ReplicatorProcess } from '../replicator-process';
import { eventually, RunningTask } from '../running-task';

const digits = `(${Array.from({ length: 10 }, (_, digit) => `SELECT ${digit} AS d`).join(' UNION ALL ')})`;

/** The numbers from 1 to this as `seq`, as a table that both products know: MySQL has no tables of numbers. */
function upTo(last: number): string {
  const places = Array.from(String(last), (_, at) => at);
  const tables = places.map((at) => `${digits} AS place_${at}`).join(' CROSS JOIN ');
  const sum = places.map((at) => `place_${at}.d * ${10 ** at}`).join(' + ');
  return `(SELECT ${sum} AS seq FROM ${tables} HAVING seq BETWEEN 1 AND ${last}) AS numbers`;
}

/** `entries` has no key, unless one is asked for: whatever is applied twice stands there twice. */
const source = `CREATE TABLE accounts (id int PRIMARY KEY, email varchar(40) NOT NULL UNIQUE, balance bigint NOT NULL);
  CREATE TABLE entries (number bigint NOT NULL, account int NOT NULL, note varchar(300));
  CREATE TABLE big (id bigint unsigned PRIMARY KEY, note varchar(100));
  INSERT INTO accounts SELECT seq, CONCAT('a', seq), 0 FROM ${upTo(50)}`;
const target = `CREATE TABLE app.accounts (id int PRIMARY KEY, email text NOT NULL UNIQUE, balance bigint NOT NULL);
  CREATE TABLE app.entries (number bigint NOT NULL, account int NOT NULL, note text);
  CREATE TABLE app.big (id numeric(20) PRIMARY KEY, note text)`;

type Content = Record<string, string>;
const tables = { accounts: 'id, email, balance', entries: 'number, account, note', big: 'id, note' };

async function contents(databases: MysqlToPostgres, wanted = Object.keys(tables)): Promise<[Content, Content]> {
  const [left, right]: [Content, Content] = [{}, {}];
  for (const [table, columns] of Object.entries(tables)) {
    if (!wanted.includes(table)) continue;
    const list = columns.split(', ');
    const order = list[0];
    const [rows] = await databases.onSource.query({
      sql: `SELECT ${columns} FROM app.${table} ORDER BY ${order}`,
      rowsAsArray: true,
    });
    left[table] = JSON.stringify((rows as unknown[][]).map((row) => row.map(String)));
    const answer = await databases.onTarget.query({
      text: `SELECT ${columns} FROM app.${table} ORDER BY ${order}`,
      rowMode: 'array',
    });
    right[table] = JSON.stringify((answer.rows as unknown[][]).map((row) => row.map(String)));
  }
  return [left, right];
}

async function same(databases: MysqlToPostgres): Promise<void> {
  await eventually(async () => {
    // The large table is not read again and again while the small ones still differ.
    for (const wanted of [['accounts', 'entries'], ['big']]) {
      const [left, right] = await contents(databases, wanted);
      if (JSON.stringify(left) !== JSON.stringify(right)) return false;
    }
    return true;
  }, 20).catch(async () => {
    const [left, right] = await contents(databases);
    for (const table of Object.keys(tables)) expect({ [table]: right[table] }).toEqual({ [table]: left[table] });
  });
}

/** Writes until told to end, with transactions of several rows; keys change and unique values change hands. */
async function write(databases: MysqlToPostgres, ending: { now: boolean }, keyless = true): Promise<number> {
  const session = await databases.connect();
  await session.query('USE app');
  let number = 0;
  for (; !ending.now; number += 3) {
    const [one, other] = [1 + (number % 50), 1 + ((number + 7) % 50)];
    await session.query(`START TRANSACTION;
      ${keyless ? `INSERT INTO app.entries SELECT ${number} + seq, seq, 'it''s' FROM ${upTo(3)};` : ''}
      UPDATE app.accounts SET balance = balance + 3 WHERE id = ${one};
      UPDATE app.accounts SET email = 'spare' WHERE id = ${one};
      UPDATE app.accounts a, app.accounts b SET a.email = CONCAT('swap', ${number}) WHERE a.id = ${other} AND b.id = ${one};
      UPDATE app.accounts SET email = CONCAT('n', ${number}) WHERE id = ${one};
      INSERT INTO app.big VALUES (${1_000_000 + number}, 'new') ON DUPLICATE KEY UPDATE note = 'again';
      UPDATE app.big SET note = 'touched' WHERE id = ${1 + ((number * 31) % 20_000)};
      DELETE FROM app.big WHERE id = ${2 + ((number * 17) % 20_000)};
      COMMIT`);
  }
  await session.end();
  return number;
}

export function mysqlRuns(databases: () => MysqlToPostgres): void {
  /** MariaDB says of which moment a snapshot is. On MySQL a load overlaps the changes, so that it refuses what has no key. */
  const tellsMoments = () => databases().engines.source.product === 'mariadb';

  describe('a run', () => {
    const fill = (rows: number) =>
      databases().onSource.query(
        `INSERT INTO app.big SELECT seq * 7, REPEAT('x', 80) FROM ${upTo(rows)}; ANALYZE TABLE app.big`,
      );

    it('loads while others write, several sessions at once, with nothing lost or doubled', async () => {
      await databases().prepare(source, target);
      await fill(250_000);
      const ending = { now: false };
      const writing = write(databases(), ending, tellsMoments());
      const task = new RunningTask(mysqlRequest(databases(), 'beside-writes'));
      try {
        await task.loaded();
        await sleep(300);
        ending.now = true;
        expect(await writing).toBeGreaterThan(30);
        await same(databases());
        expect(task.table('app.big')?.fullLoadRows).toBeGreaterThan(200_000);
      } finally {
        ending.now = true;
        await writing;
        await task.stop();
      }
    });

    it('is killed at any moment, and every row is there once', async () => {
      await databases().prepare(source, target);
      await fill(20_000);
      const made = mysqlRequest(databases(), 'crashing');
      const control = await ControlServer.listen();
      const ending = { now: false };
      const writing = write(databases(), ending, tellsMoments());
      let replicator = await ReplicatorProcess.start(control);
      try {
        control.send({ type: 'start', task: made });
        await control.status(made.arn, 'running');
        for (const pause of [randomInt(100), 100 + randomInt(300), randomInt(300)]) {
          await sleep(pause);
          await replicator.kill();
          replicator = await ReplicatorProcess.start(control);
          const heard = control.messages.length;
          control.send({ type: 'start', task: { ...made, startType: 'resume-processing' } });
          await control.status(made.arn, 'running', heard);
          await control.until(
            (each) => each.type === 'statistics' && each.fullLoadProgressPercent === 100,
            'load',
            heard,
          );
        }
        await sleep(200);
        ending.now = true;
        expect(await writing).toBeGreaterThan(30);
        await same(databases());
        const heard = control.messages.length;
        control.send({ type: 'stop', taskArn: made.arn });
        await control.status(made.arn, 'stopped', heard);
      } finally {
        ending.now = true;
        await writing;
        await replicator.kill();
        await control.close();
      }
    });

    it('carries a transaction of many rows whole, over files of the binlog that end', async () => {
      await databases().prepare(source, target);
      const task = new RunningTask(mysqlRequest(databases(), 'rotating'));
      try {
        await task.loaded();
        await databases().onSource.query('FLUSH BINARY LOGS');
        const before = databases().onSource.query(`INSERT INTO app.big SELECT seq, 'one' FROM ${upTo(30_000)}`);
        let seen = 0;
        await eventually(async () => {
          const { rows } = await databases().onTarget.query<{ count: string }>('SELECT count(*) FROM app.big');
          seen = Number(rows[0]?.count);
          return seen > 0;
        });
        expect(seen).toBe(30_000);
        await before;
        await databases().onSource
          .query(`FLUSH BINARY LOGS; UPDATE app.big SET id = id + 100000, note = 'moved' WHERE id % 3 = 0;
          FLUSH BINARY LOGS; DELETE FROM app.big WHERE id % 5 = 0; TRUNCATE TABLE app.accounts;
          INSERT INTO app.accounts VALUES (3, 'after', 1)`);
        await same(databases());
      } finally {
        await task.stop();
      }
    });

    it('leaves nothing of a large table that the target refuses in the middle', async () => {
      await databases().prepare(source, `${target}; ALTER TABLE app.big ADD CHECK (id <> 700007)`);
      await fill(250_000);
      const task = new RunningTask(mysqlRequest(databases(), 'refused'));
      try {
        await task.loaded();
        expect(task.table('app.big')).toMatchObject({ state: 'Table error' });
        expect((await databases().onTarget.query('SELECT count(*)::int AS n FROM app.big')).rows).toEqual([{ n: 0 }]);
        expect(task.table('app.accounts')).toMatchObject({ state: 'Table completed', fullLoadRows: 50 });
      } finally {
        await task.stop();
      }
    });

    it('brings tables and columns under the names that the rules give them', async () => {
      await databases().prepare(
        "CREATE TABLE Customers (id int PRIMARY KEY, `Full Name` varchar(20), secret blob, b bit(4)); INSERT INTO Customers VALUES (1, 'Ada', x'00', 5)",
        'CREATE TABLE app.clients (id int PRIMARY KEY, full_name text, number int8)',
      );
      const rule = (id: number, more: object) => ({ 'rule-id': `${id}`, 'rule-name': `${id}`, ...more });
      const locator = (more: object = {}) => ({
        'object-locator': { 'schema-name': 'app', 'table-name': 'Customers', ...more },
      });
      const column = (id: number, name: string, action: string, value?: string) =>
        rule(id, {
          'rule-type': 'transformation',
          'rule-target': 'column',
          'rule-action': action,
          value,
          ...locator({ 'column-name': name }),
        });
      const tableMappings = JSON.stringify({
        rules: [
          rule(1, { 'rule-type': 'selection', 'rule-action': 'include', ...locator() }),
          rule(2, {
            'rule-type': 'transformation',
            'rule-target': 'table',
            'rule-action': 'rename',
            value: 'clients',
            ...locator(),
          }),
          column(3, 'Full Name', 'rename', 'full_name'),
          column(4, 'secret', 'remove-column'),
          column(5, 'b', 'rename', 'number'),
        ],
      });
      const task = new RunningTask(mysqlRequest(databases(), 'renamed', { tableMappings }));
      try {
        await task.loaded();
        await databases().onSource.query(
          `INSERT INTO app.Customers VALUES (2, 'Bo', x'00', 11); UPDATE app.Customers SET id = 3, b = 1 WHERE id = 1`,
        );
        const found = () =>
          databases().onTarget.query('SELECT id, full_name, number::int FROM app.clients ORDER BY id');
        await eventually(async () => (await found()).rows.some(({ id }) => id === 3), 20);
        expect((await found()).rows).toEqual([
          { id: 2, full_name: 'Bo', number: 11 },
          { id: 3, full_name: 'Ada', number: 1 },
        ]);
      } finally {
        await task.stop();
      }
    });
  });
}
