import fc from 'fast-check';
import type { RowDataPacket } from 'mysql2/promise';
import { describeWithMysql } from '../../mysql-server';
import { type MysqlToPostgres, mysqlRequest, mysqlToPostgres } from './mysql-to-postgres';
import { type TypePair, typePairs } from './mysql/every-type';
import { neutral, onSource, sourceName, targetName } from './mysql/exactness';
import { allowReverse, whileReversing } from './postgres-to-mysql';
import { eventually, RunningTask } from './running-task';

jest.setTimeout(60_000);

const count = 200;

/** What PostgreSQL has no place for: the fitness check finds each before a migration begins; a task never writes another value. */
const refusedKinds = [
  { kind: 'a zero date', mysql: 'date', postgres: 'date', value: `'0000-00-00'` },
  { kind: 'a partial date', mysql: 'date', postgres: 'date', value: `'2024-00-10'` },
  { kind: 'a zero moment', mysql: 'datetime', postgres: 'timestamp', value: `'0000-00-00 00:00:00'` },
  { kind: 'a date beside the calendar', mysql: 'date', postgres: 'date', value: `'2023-02-30'` },
  { kind: 'time beyond 24 hours', mysql: 'time', postgres: 'time', value: `'25:00:00'` },
  { kind: 'negative time', mysql: 'time', postgres: 'time', value: `'-01:00:00'` },
  { kind: 'unsigned above 2^63-1', mysql: 'bigint unsigned', postgres: 'int8', value: '9223372036854775808' },
  { kind: 'a NUL byte', mysql: 'varchar(10)', postgres: 'text', value: `CONCAT('a', CHAR(0), 'b')` },
  { kind: 'a third truth value', mysql: 'bit(2)', postgres: 'boolean', value: `b'10'` },
  { kind: 'an unknown label', mysql: `enum('a','b')`, postgres: `varchar CHECK (x <> '')`, value: `''` },
  { kind: 'a longer text', mysql: 'varchar(10)', postgres: 'varchar(3)', value: `'four'` },
];

describeWithMysql('values of every type', (server) => {
  let databases: MysqlToPostgres;
  beforeAll(async () => {
    databases = await mysqlToPostgres(server());
    await allowReverse(databases);
  });
  afterAll(() => databases?.stop());

  const texts = async (table: string): Promise<string[][]> => {
    const list = typePairs.map((pair) => `CAST(${onSource(pair)} AS CHAR CHARACTER SET utf8mb4)`).join(', ');
    const [rows] = await databases.onSource.query<RowDataPacket[][]>({
      sql: `SELECT ${list} FROM app.${table} ORDER BY id`,
      rowsAsArray: true,
    });
    return (rows as unknown as (string | null)[][]).map((row) =>
      row.map((value, index) => neutral(typePairs[index] as TypePair, value)),
    );
  };

  test('come back from PostgreSQL as they went', async () => {
    const columns = (side: 'mysql' | 'postgres', name: (one: string) => string): string =>
      typePairs.map((pair) => `${name(pair.name)} ${pair[side]}`).join(', ');
    const body = (side: 'mysql' | 'postgres', name: (one: string) => string): string =>
      `(id int PRIMARY KEY, ${columns(side, name)})`;
    await databases.prepare(
      ['t', 'again']
        .map((table) => `CREATE TABLE ${table} ${body('mysql', sourceName)} CHARACTER SET utf8mb4;`)
        .join(''),
      ['t', 'again'].map((table) => `CREATE TABLE app.${table} ${body('postgres', targetName)};`).join(''),
    );
    const rows = fc.sample(fc.tuple(...typePairs.map(({ value }) => fc.option(value, { freq: 8 }))), count);
    const values = rows.map((row, index) => `(${index}, ${row.map((value) => value ?? 'NULL').join(', ')})`);
    await databases.onSource.query(`INSERT INTO app.t VALUES ${values.join(', ')}`);
    const forward = new RunningTask(mysqlRequest(databases, 'there'));
    await forward.loaded();
    await forward.stop();
    await whileReversing(databases, {}, async (task) => {
      await databases.onTarget.query(`INSERT INTO app.again SELECT * FROM app.t`);
      await databases.onTarget.query(`UPDATE app.again SET id = id + 1000 WHERE id % 2 = 0`);
      await databases.onTarget.query(`UPDATE app.again SET id = id - 1000 WHERE id >= 1000`);
      await eventually(() => task.table('app.again')?.['appliedUpdates'] === count, 20);
    });
    const [failures] = await databases.onSource.query(
      'SELECT STATEMENT, ERROR FROM awsdms_control.awsdms_apply_exceptions',
    );
    expect(failures).toEqual([]);
    expect(await texts('again')).toEqual(await texts('t'));
  });

  test('are refused on the way there, of those kinds that have no place', async () => {
    const tables = refusedKinds.map((each, index) => ({ ...each, table: `k${index}` }));
    await databases.prepare(
      tables.map(({ table, mysql }) => `CREATE TABLE ${table} (id int PRIMARY KEY, x ${mysql});`).join(''),
      tables.map(({ table, postgres }) => `CREATE TABLE app.${table} (id int PRIMARY KEY, x ${postgres});`).join(''),
    );
    const task = new RunningTask(mysqlRequest(databases, 'refused', { migrationType: 'cdc' }));
    await task.running();
    await databases.onSource.query(`SET sql_mode = 'ALLOW_INVALID_DATES'`);
    for (const { table, value } of tables)
      await databases.onSource.query(`INSERT INTO app.${table} VALUES (1, ${value})`);
    await eventually(() => task.table(`app.${tables.at(-1)?.table}`)?.['inserts'] === 1, 10);
    expect(await task.stop()).toMatchObject({ status: 'stopped' });
    for (const { table, kind } of tables) {
      const { rows } = await databases.onTarget.query(`SELECT x::text FROM app.${table}`);
      const logged = await databases.onTarget.query(
        `SELECT "ERROR" FROM awsdms_control.awsdms_apply_exceptions WHERE "TABLE_NAME" = $1`,
        [table],
      );
      expect({ kind, rows, errors: logged.rows.length }).toEqual({ kind, rows: [], errors: 1 });
    }
  });
});
