import type { TestDatabases } from '../databases';
import { whileReplicating } from '../feed';
import { eventually, type RunningTask } from '../running-task';

export const refusedChanges = (given: () => TestDatabases): void =>
  describe('changes that the target does not take', () => {
    let databases: TestDatabases;
    beforeAll(() => {
      databases = given();
    });

    const source = (sql: string) => databases.onSource.query(sql);
    const target = async (sql: string): Promise<unknown[]> => (await databases.onTarget.query(sql)).rows as unknown[];
    const exceptions = (task: string) =>
      target(
        `SELECT "TABLE_OWNER", "TABLE_NAME", "STATEMENT", "ERROR" FROM awsdms_control.awsdms_apply_exceptions WHERE "TASK_NAME" = '${task}'`,
      );
    const suspended = (task: string) =>
      target(
        `SELECT table_owner, table_name, suspend_reason FROM awsdms_control.awsdms_suspended_tables WHERE task_name = '${task}'`,
      );
    const arrived = (table: string, where: string) =>
      eventually(async () => (await target(`SELECT 1 FROM ${table} WHERE ${where}`)).length > 0);
    const failed = (task: RunningTask) => eventually(() => task.statuses.at(-1)?.status === 'failed');
    const tables = `CREATE TABLE app.t (id int PRIMARY KEY, v text); CREATE TABLE app.other (id int PRIMARY KEY)`;

    beforeEach(async () => {
      await databases.prepare(tables);
      await databases.onTarget.query(`ALTER TABLE app.t ADD CHECK (v <> 'bad')`);
    });

    it('are logged with statement and error while the task goes on, as DMS does unless told otherwise', async () => {
      await whileReplicating(databases, {}, async (task, name) => {
        await source(
          `BEGIN; INSERT INTO app.t VALUES (1, 'a'); INSERT INTO app.t VALUES (2, 'bad'); INSERT INTO app.t VALUES (3, 'it''s'); COMMIT`,
        );
        await source('INSERT INTO app.other VALUES (1)');
        await arrived('app.other', 'id = 1');
        expect(await target('SELECT id FROM app.t ORDER BY id')).toEqual([{ id: 1 }, { id: 3 }]);
        expect(await exceptions(name)).toEqual([
          {
            TABLE_OWNER: 'app',
            TABLE_NAME: 't',
            STATEMENT: `INSERT INTO "app"."t" ("id", "v") OVERRIDING SYSTEM VALUE VALUES ('2', 'bad')`,
            ERROR: expect.stringContaining('SQLSTATE 23514') as string,
          },
        ]);
        expect(task.statuses.at(-1)?.status).toBe('running');
        await task.stop();
        expect(task.table('app.t')).toMatchObject({ inserts: 3, appliedInserts: 2, state: 'Table completed' });
      });
    });

    it('are found one by one in any piece of a large transaction', async () => {
      await whileReplicating(databases, {}, async (_task, name) => {
        await source(
          `INSERT INTO app.t SELECT i, CASE WHEN i IN (10, 3000, 5500) THEN 'bad' ELSE 'x' END FROM generate_series(1, 6000) i`,
        );
        await arrived('app.t', 'id = 6000');
        expect(await target('SELECT count(*)::int AS count FROM app.t')).toEqual([{ count: 5997 }]);
        expect(await exceptions(name)).toHaveLength(3);
      });
    });

    it('suspend their table alone where the settings say so', async () => {
      await whileReplicating(databases, { ErrorBehavior: { DataErrorPolicy: 'SUSPEND_TABLE' } }, async (task, name) => {
        await source(`INSERT INTO app.t VALUES (1, 'a'); INSERT INTO app.t VALUES (2, 'bad')`);
        await source(`INSERT INTO app.t VALUES (3, 'c'); INSERT INTO app.other VALUES (1)`);
        await arrived('app.other', 'id = 1');
        expect(await target('SELECT id FROM app.t')).toEqual([{ id: 1 }]);
        expect(await suspended(name)).toEqual([
          { table_owner: 'app', table_name: 't', suspend_reason: expect.stringContaining('23514') as string },
        ]);
        await task.stop();
        expect(task.table('app.t')?.state).toBe('Table error');
        expect(task.table('app.other')?.state).toBe('Table completed');
      });
    });

    it('stop the task where the settings say so, with the table and the reason, and without a half transaction', async () => {
      await whileReplicating(databases, { ErrorBehavior: { DataErrorPolicy: 'STOP_TASK' } }, async (task) => {
        await source(`BEGIN; INSERT INTO app.t VALUES (1, 'a'); INSERT INTO app.t VALUES (2, 'bad'); COMMIT`);
        await failed(task);
        expect(task.statuses.at(-1)).toMatchObject({
          stopReason: 'Stop Reason FATAL_ERROR',
          message: expect.stringContaining('insert on app.t cannot be applied') as string,
        });
        expect(await target('SELECT id FROM app.t')).toEqual([]);
      });
    });

    it.each([
      ['LOG_ERROR', 1, []],
      ['IGNORE_RECORD', 0, []],
      ['UPDATE_RECORD', 0, [{ id: 1, v: 'b' }]],
    ])('follow ApplyErrorUpdatePolicy %s where the row is missing', async (policy, logged, rows) => {
      await whileReplicating(databases, { ErrorBehavior: { ApplyErrorUpdatePolicy: policy } }, async (_task, name) => {
        await source(`INSERT INTO app.t VALUES (1, 'a')`);
        await arrived('app.t', 'id = 1');
        await target('DELETE FROM app.t');
        await source(`UPDATE app.t SET v = 'b'; INSERT INTO app.other VALUES (1)`);
        await arrived('app.other', 'id = 1');
        expect(await target('SELECT * FROM app.t')).toEqual(rows);
        expect(await exceptions(name)).toHaveLength(logged);
      });
    });

    it.each([
      ['LOG_ERROR', 1, [{ id: 1, v: 'mine' }]],
      ['INSERT_RECORD', 0, [{ id: 1, v: 'a' }]],
    ])('follow ApplyErrorInsertPolicy %s where the row stands already', async (policy, logged, rows) => {
      await whileReplicating(databases, { ErrorBehavior: { ApplyErrorInsertPolicy: policy } }, async (_task, name) => {
        await target(`INSERT INTO app.t VALUES (1, 'mine')`);
        await source(`INSERT INTO app.t VALUES (1, 'a'); INSERT INTO app.other VALUES (1)`);
        await arrived('app.other', 'id = 1');
        expect(await target('SELECT * FROM app.t')).toEqual(rows);
        expect(await exceptions(name)).toHaveLength(logged);
      });
    });

    it.each([
      ['IGNORE_RECORD', 0],
      ['LOG_ERROR', 1],
    ])('follow ApplyErrorDeletePolicy %s where the row is gone already', async (policy, logged) => {
      await whileReplicating(databases, { ErrorBehavior: { ApplyErrorDeletePolicy: policy } }, async (_task, name) => {
        await source(`INSERT INTO app.t VALUES (1, 'a')`);
        await arrived('app.t', 'id = 1');
        await target('DELETE FROM app.t');
        await source('DELETE FROM app.t; INSERT INTO app.other VALUES (1)');
        await arrived('app.other', 'id = 1');
        expect(await exceptions(name)).toHaveLength(logged);
      });
    });

    it('suspend a table that is not there, or whose rows cannot be told apart', async () => {
      await source('CREATE TABLE app.unknown (id int PRIMARY KEY); CREATE TABLE app.keyless (id int)');
      await databases.onTarget.query(
        'CREATE TABLE app.keyless (id int); GRANT ALL ON app.keyless TO cutover_replication',
      );
      await whileReplicating(databases, {}, async (task, name) => {
        await source(
          `INSERT INTO app.unknown VALUES (1); INSERT INTO app.keyless VALUES (1); DELETE FROM app.keyless; INSERT INTO app.other VALUES (1)`,
        );
        await arrived('app.other', 'id = 1');
        expect(await suspended(name)).toMatchObject([{ table_name: 'unknown' }]);
        expect(await exceptions(name)).toMatchObject([{ ERROR: expect.stringContaining('no primary key') as string }]);
        await task.stop();
        expect(task.table('app.unknown')?.state).toBe('Table error');
      });
    });

    it('escalate after the counted errors', async () => {
      const settings = { ErrorBehavior: { DataErrorEscalationCount: 2, DataErrorEscalationPolicy: 'STOP_TASK' } };
      await whileReplicating(databases, settings, async (task, name) => {
        for (const id of [1, 2, 3]) await source(`INSERT INTO app.t VALUES (${id}, 'bad')`);
        await failed(task);
        expect(await exceptions(name)).toHaveLength(2);
      });
    });
  });
