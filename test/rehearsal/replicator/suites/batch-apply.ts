import type { TestDatabases } from '../databases';
import { createFeed, dropFeed, feedRequest } from '../feed';
import { eventually, RunningTask } from '../running-task';

const settings = (gatherSeconds: number) =>
  JSON.stringify({
    TargetMetadata: { BatchApplyEnabled: true },
    ChangeProcessingTuning: { BatchApplyTimeoutMin: gatherSeconds },
    ControlTablesSettings: { StatusTableEnabled: true },
  });

export const batchApply = (given: () => TestDatabases): void =>
  describe('batch apply', () => {
    let databases: TestDatabases;
    beforeAll(() => {
      databases = given();
    });
    beforeEach(async () => {
      await databases.prepare(`
      CREATE TABLE app.a_marker (id int PRIMARY KEY);
      CREATE TABLE app.t (id int PRIMARY KEY, v int);
      CREATE TABLE app.z_log (n int)`);
      await createFeed(databases);
    });
    afterEach(() => dropFeed(databases));

    const source = (sql: string) => databases.onSource.query(sql);
    const column = async (table: string): Promise<string[]> =>
      (await databases.onTarget.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t ORDER BY 1`)).rows.map(
        (each) => each.row,
      );

    it('applies the net effect of many transactions and keeps its status on the target', async () => {
      const made = feedRequest(databases, { settings: settings(0.3) });
      const task = new RunningTask(made);
      try {
        for (let round = 0; round < 30; round++) {
          await source(
            `INSERT INTO app.t VALUES (${round}, 0); UPDATE app.t SET v = v + 1; DELETE FROM app.t WHERE id = ${round - 3}; INSERT INTO app.z_log VALUES (${round})`,
          );
        }
        await eventually(async () => (await column('app.z_log')).length === 30);
        await eventually(async () => (await column('app.t')).join() === '(27,3),(28,2),(29,1)');
        const status = `SELECT task_status, pending_changes FROM awsdms_control.awsdms_status WHERE task_name = '${made.identifier.toUpperCase()}'`;
        expect((await databases.onTarget.query(status)).rows).toMatchObject([{ task_status: 'CHANGE PROCESSING' }]);
        await task.stop();
        expect((await databases.onTarget.query(status)).rows).toEqual([
          { task_status: 'NOT RUNNING', pending_changes: '0' },
        ]);
        expect(task.table('app.t')).toMatchObject({ appliedInserts: 30, appliedDeletes: 27 });
      } finally {
        await task.stop();
      }
    });

    it('may show a marker before what was committed ahead of it', async () => {
      const task = new RunningTask(feedRequest(databases, { settings: settings(0.3) }));
      try {
        await task.running();
        // Holds up the batch's later table; the earlier one is committed by then.
        await databases.onTarget.query('BEGIN; LOCK TABLE app.t');
        await source('INSERT INTO app.t VALUES (1, 1)');
        await source('INSERT INTO app.a_marker VALUES (1)');
        await eventually(async () => (await column('app.a_marker')).length === 1);
        expect(await column('app.t')).toEqual([]);
        await databases.onTarget.query('COMMIT');
        await eventually(async () => (await column('app.t')).length === 1);
      } finally {
        await databases.onTarget.query('COMMIT');
        await task.stop();
      }
    });

    it('goes on where a broken batch stood: tables that had theirs do not get it twice, even without a key', async () => {
      await databases.prepare('CREATE TABLE app.a_log (n int); CREATE TABLE app.t (id int PRIMARY KEY)');
      const made = feedRequest(databases, { settings: settings(0.3) });
      const task = new RunningTask(made);
      try {
        await task.running();
        await databases.onTarget.query('BEGIN; LOCK TABLE app.t');
        await source('INSERT INTO app.a_log VALUES (1), (1); INSERT INTO app.t VALUES (1)');
        await eventually(async () => (await column('app.a_log')).length === 2);
        // The session that waits for the lock is ended in the midst of the batch.
        const ended = `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = 'app.t'::regclass`;
        await eventually(async () => (await databases.onTarget.query(ended)).rowCount === 1);
        await databases.onTarget.query('COMMIT');
        await eventually(async () => (await column('app.t')).length === 1);
        await source('INSERT INTO app.a_log VALUES (2); INSERT INTO app.t VALUES (2)');
        await eventually(async () => (await column('app.t')).length === 2);
        expect(await column('app.a_log')).toEqual(['(1)', '(1)', '(2)']);
        const left = `SELECT 1 FROM awsdms_control.awsdms_batch_state WHERE task_name = '${made.identifier.toUpperCase()}'`;
        await eventually(async () => (await databases.onTarget.query(left)).rowCount === 0);
      } finally {
        await task.stop();
      }
    });
  });
