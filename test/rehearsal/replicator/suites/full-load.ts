import { ControlServer } from '../control-server';
import type { TestDatabases } from '../databases';
import { ReplicatorProcess } from '../replicator-process';
import { eventually, RunningTask } from '../running-task';
import { including, request } from '../task-requests';

export const fullLoad = (given: () => TestDatabases): void =>
  describe('a full load', () => {
    let databases: TestDatabases;
    beforeAll(() => {
      databases = given();
    });

    const source = (sql: string) => databases.onSource.query(sql);
    const target = async (sql: string): Promise<unknown[]> => (await databases.onTarget.query(sql)).rows as unknown[];
    const transforming = (...rules: object[]): string => {
      const given = JSON.parse(including('app')) as { rules: object[] };
      return JSON.stringify({ rules: [...given.rules, ...rules] });
    };

    it('alone ends by itself when it is complete, with the tables and columns renamed as the mappings say', async () => {
      await databases.prepare('CREATE TABLE app.t (id int PRIMARY KEY, v text, secret text)');
      await databases.onTarget.query(
        'ALTER TABLE app.t RENAME TO moved; ALTER TABLE app.moved RENAME v TO w; ALTER TABLE app.moved DROP secret',
      );
      await source(`INSERT INTO app.t SELECT i, E'a\\\\t\\\\n' || i, 's' FROM generate_series(1, 10) i`);
      const rule = (target: string, action: string, column: object, more: object) => ({
        'rule-type': 'transformation',
        'rule-id': '9',
        'rule-name': '9',
        'rule-target': target,
        'rule-action': action,
        'object-locator': { 'schema-name': 'app', 'table-name': 't', ...column },
        ...more,
      });
      const tableMappings = transforming(
        rule('table', 'rename', {}, { value: 'moved' }),
        rule('column', 'rename', { 'column-name': 'v' }, { value: 'w' }),
        rule('column', 'remove-column', { 'column-name': 'secret' }, {}),
      );
      const task = new RunningTask(request(databases, 'renaming', { migrationType: 'full-load', tableMappings }));
      expect(await task.end()).toMatchObject({
        status: 'stopped',
        stopReason: 'Stop Reason FULL_LOAD_ONLY_FINISHED',
        fullLoadProgressPercent: 100,
      });
      const rows = await source('SELECT id, v AS w FROM app.t ORDER BY id');
      expect(await target('SELECT * FROM app.moved ORDER BY id')).toEqual(rows.rows);
      expect(task.table('app.t')).toMatchObject({ fullLoadRows: 10, state: 'Table completed' });
    });

    it('suspends a table that cannot be loaded and loads the others, or fails where the settings say so', async () => {
      await databases.prepare(
        'CREATE TABLE app.good (id int PRIMARY KEY); CREATE TABLE app.narrow (id int, v varchar(9)); CREATE TABLE app.absent (id int); CREATE TABLE app.secret (id int)',
      );
      await databases.onTarget.query('DROP TABLE app.absent; ALTER TABLE app.narrow ALTER v TYPE varchar(2)');
      await source(
        `INSERT INTO app.good VALUES (1); INSERT INTO app.narrow VALUES (1, 'long'); REVOKE SELECT ON app.secret FROM cutover_replication`,
      );
      const one = JSON.stringify({ FullLoadSettings: { MaxFullLoadSubTasks: 1 } });
      const task = new RunningTask(request(databases, 'suspending', { settings: one }));
      await task.loaded();
      await source('INSERT INTO app.good VALUES (2); INSERT INTO app.absent VALUES (1)');
      await eventually(async () => (await target('SELECT 1 FROM app.good')).length === 2);
      expect((await task.stop()).status).toBe('stopped');
      expect(['absent', 'good', 'narrow', 'secret'].map((name) => task.table(`app.${name}`)?.state)).toEqual([
        'Table error',
        'Table completed',
        'Table error',
        'Table error',
      ]);
      const reasons = `SELECT suspend_reason FROM awsdms_control.awsdms_suspended_tables WHERE task_name = 'SUSPENDING' ORDER BY table_name`;
      expect(await target(reasons)).toEqual([
        { suspend_reason: expect.stringContaining('does not exist') as string },
        { suspend_reason: expect.stringContaining('value too long') as string },
        { suspend_reason: expect.stringContaining('permission denied') as string },
      ]);
      const settings = JSON.stringify({ ErrorBehavior: { TableErrorPolicy: 'STOP_TASK' } });
      const strict = await new RunningTask(
        request(databases, 'stopping', { settings, startType: 'reload-target' }),
      ).end();
      expect(strict).toMatchObject({
        status: 'failed',
        message: expect.stringContaining('TableErrorPolicy is STOP_TASK') as string,
      });
    });

    it('that is stopped under way is done again from the start', async () => {
      await databases.prepare('CREATE TABLE app.big (id int, v text)');
      await source(`INSERT INTO app.big SELECT i, repeat('x', 300) FROM generate_series(1, 60000) i`);
      await databases.onTarget.query('BEGIN; LOCK TABLE app.big');
      const made = request(databases, 'interrupted');
      const task = new RunningTask(made);
      await eventually(() => task.table('app.big')?.state === 'Full load');
      expect((await task.stop()).status).toBe('stopped');
      await databases.onTarget.query('COMMIT');
      const again = new RunningTask({ ...made, startType: 'resume-processing' });
      await again.loaded();
      expect(await target('SELECT count(*)::int AS count, count(DISTINCT id)::int AS ids FROM app.big')).toEqual([
        { count: 60_000, ids: 60_000 },
      ]);
      await again.stop();
    });

    it('that failed before it began to write begins when it is resumed', async () => {
      await databases.prepare('CREATE TABLE app.t (id int PRIMARY KEY)');
      await source('INSERT INTO app.t VALUES (1)');
      const task = new RunningTask(request(databases, 'never-begun', { startType: 'resume-processing' }));
      await task.loaded();
      expect((await task.stop()).status).toBe('stopped');
      expect(await target('SELECT * FROM app.t')).toEqual([{ id: 1 }]);
    });

    it('runs in the process as told over the control connection, which also tells of misfortunes', async () => {
      await databases.prepare('CREATE TABLE app.t (id int PRIMARY KEY)');
      const control = await ControlServer.listen();
      const replicator = await ReplicatorProcess.start(control);
      try {
        const made = request(databases, 'process');
        control.send({
          type: 'start',
          task: { ...made, arn: 'arn:other', source: { ...made.source, engine: 'oracle' } },
        });
        expect((await control.status('arn:other', 'failed')).message).toContain('not understood');
        control.send({ type: 'start', task: made });
        await control.until((each) => each.type === 'metrics', 'metrics');
        control.send({ type: 'fault', fault: { kind: 'lose-changes', table: 'app.t' } });
        control.send({ type: 'fault', fault: { kind: 'delay-apply', milliseconds: 40 } });
        await source('INSERT INTO app.t VALUES (1)');
        await source('INSERT INTO app.t VALUES (2)');
        await eventually(async () => JSON.stringify(await target('SELECT id FROM app.t')) === '[{"id":2}]');
        control.send({ type: 'fault', fault: { kind: 'fail-task', taskArn: made.arn, message: 'bad luck' } });
        expect((await control.status(made.arn, 'failed')).message).toContain('bad luck');
        const statuses = control.messages.filter((each) => each.type === 'status' && each.taskArn === made.arn);
        expect(statuses.map(({ status }) => status)).toEqual(['starting', 'running', 'running', 'failed']);
        expect(await replicator.letGo()).toBe(0);
      } finally {
        await replicator.kill();
        await control.close();
      }
    });
  });
