import type { RowDataPacket } from 'mysql2/promise';
import type { TaskRequest } from '../../../rehearsal/replicator/messages';
import { describeWithMysql } from '../../mysql-server';
import { type MysqlToPostgres, mysqlToPostgres } from './mysql-to-postgres';
import { allowReverse, reverseRequest, whileReversing } from './postgres-to-mysql';
import { eventually, RunningTask } from './running-task';

jest.setTimeout(60_000);

const mysqlTables = `
  CREATE TABLE item (id bigint PRIMARY KEY, code varchar(10) COLLATE utf8mb4_general_ci NOT NULL UNIQUE, paid tinyint(1),
    price decimal(10,2), at datetime(3), twice bigint AS (id * 2) STORED, mood enum('calm','wild'));
  CREATE TABLE part (id int PRIMARY KEY, item_id bigint NOT NULL, FOREIGN KEY (item_id) REFERENCES item (id) ON DELETE CASCADE);
  CREATE TABLE note (words varchar(20), amount int);
  CREATE TABLE witness (id int AUTO_INCREMENT PRIMARY KEY);
  CREATE TRIGGER item_written AFTER INSERT ON item FOR EACH ROW
    BEGIN IF @cutover_replication IS NULL THEN INSERT INTO witness VALUES (NULL); END IF; END`;
const postgresTables = `
  CREATE TABLE app.item (id bigint PRIMARY KEY, code text, paid boolean, price numeric, at timestamptz,
    twice bigint GENERATED ALWAYS AS (id * 2) STORED, mood text);
  CREATE TABLE app.part (id int PRIMARY KEY, item_id bigint);
  CREATE TABLE app.note (words text, amount int);
  ALTER TABLE app.note REPLICA IDENTITY FULL`;

const anyTask = { ErrorBehavior: { ApplyErrorDeletePolicy: 'LOG_ERROR' } };

describeWithMysql('changes of PostgreSQL into MySQL', (server) => {
  let databases: MysqlToPostgres;
  beforeAll(async () => {
    databases = await mysqlToPostgres(server());
    await allowReverse(databases);
  });
  beforeEach(() => databases.prepare(mysqlTables, postgresTables));
  const tasks: RunningTask[] = [];
  const start = async (request: TaskRequest): Promise<RunningTask> => {
    const task = new RunningTask(request);
    tasks.push(task);
    await task.running();
    return task;
  };
  afterEach(() => Promise.all(tasks.splice(0).map((task) => task.stop())));
  afterAll(() => databases?.stop());

  /** Rows as the fields of a line. */
  const rows = async (query: string): Promise<string[]> => {
    const [found] = await databases.onSource.query<RowDataPacket[][]>({
      sql: query,
      rowsAsArray: true,
      dateStrings: true,
    });
    return (found as unknown[][]).map((row) => row.map(String).join(' '));
  };
  const write = (sql: string) => databases.onTarget.query(sql);
  const arrives = (query: string, expected: string[]) =>
    eventually(async () => JSON.stringify(await rows(query)) === JSON.stringify(expected), 10).catch(async () =>
      expect(await rows(query)).toEqual(expected),
    );
  const exceptions = (task: string) =>
    rows(
      `SELECT TABLE_NAME, ERROR FROM awsdms_control.awsdms_apply_exceptions WHERE TASK_NAME = '${task}' ORDER BY ERROR_TIME`,
    );

  test('arrive in the terms of the columns; triggers, keys and generated columns do not act again', async () => {
    await whileReversing(databases, anyTask, async (task) => {
      await write(`INSERT INTO app.part VALUES (1, 7);
        INSERT INTO app.item VALUES (7, 'it''s "a\\b"', true, 12.50, '2026-03-01 10:00:00.123+05:30', DEFAULT, 'wild')`);
      const item = `SELECT id, code, paid, CAST(price AS CHAR), CAST(at AS CHAR), twice, mood FROM app.item`;
      await arrives(item, [`7 it's "a\\b" 1 12.50 2026-03-01 04:30:00.123 14 wild`]);
      await write(`UPDATE app.item SET paid = false, id = 8 WHERE id = 7`);
      await arrives('SELECT id, paid, twice FROM app.item', ['8 0 16']);
      await write(`DELETE FROM app.item`);
      await arrives('SELECT id FROM app.item', []);
      await arrives('SELECT id FROM app.part', ['1']);
      await arrives('SELECT id FROM app.witness', []);
      await eventually(() => task.table('app.item')?.['appliedDeletes'] === 1);
    });
  });

  test('find the rows of tables without a key, one of several equal ones', async () => {
    await whileReversing(databases, anyTask, async () => {
      await write(`INSERT INTO app.note VALUES ('a', 1), ('a', 1), ('A', 1), (NULL, 2)`);
      await write(`UPDATE app.note SET amount = 5 WHERE ctid = (SELECT min(ctid) FROM app.note WHERE words = 'A')`);
      await write(`DELETE FROM app.note WHERE words IS NULL`);
      await write(`DELETE FROM app.note WHERE ctid = (SELECT min(ctid) FROM app.note WHERE words = 'a')`);
      await arrives('SELECT words, amount FROM app.note ORDER BY amount', ['a 1', 'A 5']);
    });
  });

  test('that a column cannot hold as they are become data errors, and nothing else is lost', async () => {
    await whileReversing(databases, anyTask, async (_task, { arn }) => {
      const refused = [
        `(1, '12345678901', true, 1, now(), DEFAULT, 'calm')`,
        `(2, 'b         ', true, 1.005, '2026-01-01', DEFAULT, 'calm')`,
        `(3, 'c', true, 123456789, '2026-01-01', DEFAULT, 'calm')`,
        `(4, 'd', true, 1, '2026-01-01 00:00:00.0001', DEFAULT, 'calm')`,
        `(5, 'e', true, 1, 'infinity', DEFAULT, 'calm')`,
        `(6, 'f', true, 1, '0044-03-15 BC', DEFAULT, 'calm')`,
        `(7, 'g', true, 'NaN', '2026-01-01', DEFAULT, 'calm')`,
        `(8, 'h', true, 1, '2026-01-01', DEFAULT, 'Calm')`,
        `(9, 'i', true, 1, '2026-01-01', DEFAULT, '1')`,
        `(10, NULL, true, 1, '2026-01-01', DEFAULT, '1')`,
        `(11, 'k          ', true, 1, '2026-01-01', DEFAULT, 'calm')`,
      ];
      await write(
        `INSERT INTO app.item VALUES ${refused.join(', ')}, (20, 'fine', true, 1, '2026-01-01', DEFAULT, 'calm')`,
      );
      await arrives('SELECT id, code FROM app.item', ['20 fine']);
      expect(await exceptions(arn.split(':').at(-1) as string)).toHaveLength(refused.length);
    });
  });

  test('never touch another row that the collation takes for the same', async () => {
    await whileReversing(databases, anyTask, async (_task, { arn }) => {
      await write(
        `INSERT INTO app.item (id, code) VALUES (1, 'abc'); INSERT INTO app.item (id, code) VALUES (2, 'ABC')`,
      );
      await write(`INSERT INTO app.item (id, code) VALUES (3, 'end')`);
      await arrives('SELECT id, code FROM app.item ORDER BY id', ['1 abc', '3 end']);
      expect(await exceptions(arn.split(':').at(-1) as string)).toEqual([
        expect.stringMatching(/^item Duplicate entry/),
      ]);
    });
  });

  test('suspend a table that is not there, and keep it so over a resume', async () => {
    await databases.onSource.query('DROP TABLE app.note');
    const request = await reverseRequest(databases);
    const first = await start(request);
    await write(`INSERT INTO app.note VALUES ('lost', 1); INSERT INTO app.part VALUES (1, 1)`);
    await arrives('SELECT id FROM app.part', ['1']);
    await first.stop();
    expect(first.table('app.note')).toMatchObject({ state: 'Table error' });
    await databases.onSource.query('CREATE TABLE app.note (words varchar(20), amount int)');
    const second = await start({ ...request, startType: 'resume-processing' });
    await write(`INSERT INTO app.note VALUES ('skipped', 1); INSERT INTO app.part VALUES (2, 1)`);
    await arrives('SELECT id FROM app.part ORDER BY id', ['1', '2']);
    expect(await rows('SELECT * FROM app.note')).toEqual([]);
    await second.stop();
  });

  test('are written by the newest run alone', async () => {
    const request = await reverseRequest(databases);
    const older = await start(request);
    await databases.onSource.query(`UPDATE awsdms_control.awsdms_txn_state SET RUN = UUID()`);
    await write(`INSERT INTO app.part VALUES (1, 1)`);
    expect(await older.end()).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('another run') as string,
    });
    expect(await rows('SELECT * FROM app.part')).toEqual([]);
    const newer = await start({ ...request, startType: 'resume-processing' });
    await arrives('SELECT id FROM app.part', ['1']);
    await newer.stop();
  });

  test('follow a load without a gap', async () => {
    await write(`INSERT INTO app.item (id, code, paid, price, at, mood)
        SELECT id, 'c' || id, id % 2 = 0, id / 4.0, '2026-01-01', 'calm' FROM generate_series(1, 3000) id;
      INSERT INTO app.note VALUES (E'tab\\tline\\n\\\\ \\'', NULL)`);
    const request = await reverseRequest(databases, {}, { migrationType: 'full-load-and-cdc' });
    const task = await start(request);
    await task.loaded();
    await write(`INSERT INTO app.part VALUES (1, 1)`);
    await arrives('SELECT id FROM app.part', ['1']);
    await task.stop();
    expect(await rows('SELECT COUNT(*), CAST(SUM(price) AS CHAR), CAST(SUM(paid) AS CHAR) FROM app.item')).toEqual([
      '3000 1125375.00 1500',
    ]);
    expect(await rows('SELECT * FROM app.note')).toEqual([`tab\tline\n\\ ' null`]);
    await databases.onTarget.query(`SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots`);
  });
});
