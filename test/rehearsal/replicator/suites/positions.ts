import type { TaskRequest } from '../../../../rehearsal/replicator/messages';
import type { TestDatabases } from '../databases';
import { createFeed, dropFeed, feedRequest } from '../feed';
import { eventually, RunningTask } from '../running-task';
import { request } from '../task-requests';

export const startPositions = (given: () => TestDatabases): void =>
  describe('where a task starts', () => {
    let databases: TestDatabases;
    const tasks: RunningTask[] = [];
    const run = (made: TaskRequest): RunningTask => {
      const task = new RunningTask(made);
      tasks.push(task);
      return task;
    };
    const source = (sql: string) => databases.onSource.query(sql);
    const ids = async (): Promise<number[]> =>
      (await databases.onTarget.query<{ id: number }>('SELECT id FROM app.t ORDER BY id')).rows.map((row) => row.id);
    const present = async (): Promise<string> =>
      (await databases.onSource.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn')).rows[0]
        ?.lsn as string;
    const arrived = (...wanted: number[]) => eventually(async () => (await ids()).join() === wanted.join());

    beforeAll(() => {
      databases = given();
    });
    beforeEach(async () => {
      await databases.prepare('CREATE TABLE app.t (id int PRIMARY KEY, v text)');
      await databases.onTarget.query(`ALTER TABLE app.t ADD CHECK (v <> 'bad')`);
    });
    afterEach(async () => {
      for (const task of tasks.splice(0)) await task.stop();
      await dropFeed(databases);
    });

    it('is exactly the position that is asked for', async () => {
      await createFeed(databases);
      await source('INSERT INTO app.t VALUES (1)');
      const cdcStartPosition = await present();
      await source('INSERT INTO app.t VALUES (2)');
      run(feedRequest(databases, { cdcStartPosition }));
      await arrived(2);
    });

    it('is the position of the slot when none is asked for', async () => {
      await createFeed(databases);
      await source('INSERT INTO app.t VALUES (1)');
      run(feedRequest(databases));
      await arrived(1);
    });

    it('is refused when the slot has let go of it, since the changes between would be lost silently', async () => {
      const cdcStartPosition = await createFeed(databases);
      await source('INSERT INTO app.t VALUES (1)');
      await source(`SELECT pg_replication_slot_advance('feed', pg_current_wal_lsn())`);
      const status = await run(feedRequest(databases, { cdcStartPosition })).end();
      expect(status).toMatchObject({ status: 'failed', stopReason: 'Stop Reason FATAL_ERROR' });
      expect(status.message).toMatch(/confirmed up to .* beyond the asked position/);
    });

    it('is refused without the slot, or with a slot of another plugin, saying what to do', async () => {
      const missing = await run(feedRequest(databases)).end();
      expect(missing.message).toContain(`pg_create_logical_replication_slot('feed', 'test_decoding')`);
      await source(`SELECT pg_create_logical_replication_slot('feed', 'pgoutput')`);
      expect((await run(feedRequest(databases)).end()).message).toContain('uses the plugin "pgoutput"');
    });

    it('is refused where the server is not the one that its certificate must name', async () => {
      await createFeed(databases);
      const source = { ...databases.source, tlsServerName: databases.target.tlsServerName };
      expect((await run(feedRequest(databases, { source })).end()).message).toMatch(/altnames/);
    });

    it('may lie on the target: back to the older engine it goes the same way', async () => {
      const made = feedRequest(databases, { source: databases.target, target: databases.source });
      await databases.onTarget.query(`SELECT pg_create_logical_replication_slot('feed', 'test_decoding')`);
      try {
        const task = run(made);
        await databases.onTarget.query(
          `INSERT INTO app.t VALUES (1, 'back'), (2, 'again'); DELETE FROM app.t WHERE id = 2`,
        );
        const rows = async () => (await source('SELECT * FROM app.t')).rows as unknown[];
        await eventually(async () => JSON.stringify(await rows()) === '[{"id":1,"v":"back"}]');
        await task.stop();
      } finally {
        await databases.onTarget.query(`SELECT pg_drop_replication_slot('feed')`);
      }
    });

    it('is refused when no table is captured', async () => {
      await createFeed(databases);
      await source('DROP TABLE app.t');
      expect((await run(feedRequest(databases)).end()).message).toContain('no table of the source is selected');
    });

    it('after a stop is where it ended: nothing is lost or doubled, and the slot is free meanwhile', async () => {
      await createFeed(databases);
      const made = feedRequest(databases);
      const first = run(made);
      await source('INSERT INTO app.t VALUES (1)');
      await arrived(1);
      const stopped = await first.stop();
      expect(stopped).toMatchObject({ status: 'stopped', stopReason: 'Stop Reason NORMAL' });
      expect(stopped.recoveryCheckpoint).toMatch(/^checkpoint:V1#1#[0-9A-F]+\/[0-9A-F]+#/);
      const slot = await databases.onSource.query(`SELECT active FROM pg_replication_slots WHERE slot_name = 'feed'`);
      expect(slot.rows).toEqual([{ active: false }]);
      await source('INSERT INTO app.t VALUES (2); DELETE FROM app.t WHERE id = 1');
      run({ ...made, startType: 'resume-processing' });
      await arrived(2);
    });

    it('after a stop comes from the checkpoint when the target has lost its own', async () => {
      await createFeed(databases);
      const made = feedRequest(databases);
      const first = run(made);
      await source('INSERT INTO app.t VALUES (1)');
      await arrived(1);
      const { recoveryCheckpoint: checkpoint } = await first.stop();
      await databases.onTarget.query(`DELETE FROM awsdms_control.awsdms_txn_state`);
      const lost = await run({ ...made, startType: 'resume-processing' }).end();
      expect(lost.message).toContain('nothing to resume');
      await source('INSERT INTO app.t VALUES (2)');
      run({ ...made, startType: 'resume-processing', checkpoint });
      await arrived(1, 2);
    });

    it('keeps a suspended table suspended over a resume, and forgets it on a new start', async () => {
      await createFeed(databases);
      const settings = JSON.stringify({ ErrorBehavior: { DataErrorPolicy: 'SUSPEND_TABLE' } });
      const made = feedRequest(databases, { settings });
      const first = run(made);
      await source(`INSERT INTO app.t VALUES (1, 'bad'); CREATE TABLE IF NOT EXISTS app.u (id int)`);
      await eventually(() => first.table('app.t')?.state === 'Table error');
      await first.stop();
      const second = run({ ...made, startType: 'resume-processing' });
      await second.running();
      await eventually(() => second.table('app.t')?.state === 'Table error');
      await second.stop();
      const third = run(made);
      await source('INSERT INTO app.t VALUES (2)');
      await arrived(2);
      await third.stop();
      expect(third.table('app.t')?.state).toBe('Table completed');
    });

    it('of a newer run shuts the older one out, even when that one is still writing', async () => {
      await createFeed(databases);
      const made = feedRequest(databases);
      const older = run(made);
      await older.running();
      older.delayMilliseconds = 300;
      await source('INSERT INTO app.t VALUES (1)');
      run({ ...made, startType: 'resume-processing' });
      await arrived(1);
      expect((await older.end()).message).toContain('another run of this task has taken it over');
      await source('INSERT INTO app.t VALUES (2)');
      await arrived(1, 2);
    });

    it('of a load is a snapshot that ends where its changes begin, under writes', async () => {
      await source(`INSERT INTO app.t SELECT i FROM generate_series(1, 20000) i`);
      const made = request(databases, 'under-writes', {
        settings: JSON.stringify({ FullLoadSettings: { TargetTablePrepMode: 'TRUNCATE_BEFORE_LOAD' } }),
      });
      await databases.onTarget.query('INSERT INTO app.t VALUES (-5)');
      const task = run(made);
      let written = 20_000;
      while (!task.reports.some((each) => each.type === 'statistics' && each.fullLoadProgressPercent === 100)) {
        await source(
          `INSERT INTO app.t VALUES (${++written}); UPDATE app.t SET v = 'x' WHERE id = ${written - 20_000}; DELETE FROM app.t WHERE id = ${written - 10_000}`,
        );
      }
      await source(`INSERT INTO app.t VALUES (0)`);
      await eventually(async () => (await ids())[0] === 0);
      const all = 'SELECT * FROM app.t ORDER BY id';
      expect((await databases.onTarget.query(all)).rows).toEqual((await databases.onSource.query(all)).rows);
      expect(await task.stop()).toMatchObject({ status: 'stopped' });
      const slots = await databases.onSource.query(
        `SELECT active FROM pg_replication_slots WHERE slot_name LIKE 'under_writes%'`,
      );
      expect(slots.rows).toEqual([{ active: false }]);
    });
  });
