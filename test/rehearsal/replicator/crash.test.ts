import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ControlServer } from './control-server';
import { openSession, startDatabases, type TestDatabases } from './databases';
import { ReplicatorProcess } from './replicator-process';
import { eventually, RunningTask } from './running-task';
import { request } from './task-requests';

/** `entries` has no key: whatever is applied twice stands there twice. */
const schema = `
  CREATE TABLE app.accounts (id int PRIMARY KEY, balance bigint NOT NULL);
  CREATE TABLE app.entries (number bigint NOT NULL, account int NOT NULL, note text);
  INSERT INTO app.accounts SELECT i, 0 FROM generate_series(1, 50) i`;

const content = `SELECT (SELECT count(*) FROM app.entries) AS entries, (SELECT count(DISTINCT number) FROM app.entries) AS numbers,
  (SELECT md5(string_agg(a::text, ' ' ORDER BY id)) FROM app.accounts a) AS accounts,
  (SELECT md5(string_agg(e::text, ' ' ORDER BY number)) FROM app.entries e) AS entry_digest`;

describe('a replicator that dies or loses its databases', () => {
  let databases: TestDatabases;
  beforeAll(async () => {
    databases = await startDatabases();
  });
  afterAll(() => databases.stop());

  /** Writes until told to end: small transactions, now and then a larger one; answers how many numbers it gave. */
  async function write(ending: { now: boolean }, first: number): Promise<number> {
    const session = await openSession(databases.engines.source);
    let number = first;
    while (!ending.now) {
      const rows = number % 20 === 0 ? 300 : 3;
      await session.query(`BEGIN;
        INSERT INTO app.entries SELECT ${number} + i, 1 + i % 50, 'it''s ' || i FROM generate_series(1, ${rows}) i;
        UPDATE app.accounts SET balance = balance + ${rows} WHERE id = ${1 + (number % 50)};
        COMMIT`);
      number += rows;
    }
    await session.end();
    return number;
  }

  const same = async (): Promise<void> => {
    const source = (await databases.onSource.query(content)).rows[0] as unknown;
    await eventually(
      async () => (await databases.onTarget.query('SELECT count(*) FROM app.entries')).rows[0] !== undefined,
    );
    await eventually(async () => {
      const target = (await databases.onTarget.query(content)).rows[0] as unknown;
      return JSON.stringify(target) === JSON.stringify(source);
    }).catch(async () => expect((await databases.onTarget.query(content)).rows[0]).toEqual(source));
  };

  it('is killed at any moment, of the load or of the changes, and every row is there once', async () => {
    await databases.prepare(schema);
    await databases.onTarget.query('TRUNCATE app.accounts');
    await databases.onSource.query(
      `INSERT INTO app.entries SELECT -i, 1, repeat('x', 200) FROM generate_series(1, 30000) i`,
    );
    const made = request(databases, 'crashing');
    const control = await ControlServer.listen();
    const ending = { now: false };
    const writing = write(ending, 0);
    let replicator = await ReplicatorProcess.start(control);
    try {
      control.send({ type: 'start', task: made });
      await control.status(made.arn, 'running');
      const loaded = (from: number) =>
        control.until((each) => each.type === 'statistics' && each.fullLoadProgressPercent === 100, 'load', from);
      // The first death is the load's, the others come after it.
      for (const pause of [randomInt(100), 100 + randomInt(300), randomInt(300)]) {
        await sleep(pause);
        await replicator.kill();
        replicator = await ReplicatorProcess.start(control);
        const heard = control.messages.length;
        control.send({ type: 'start', task: { ...made, startType: 'resume-processing' } });
        await control.status(made.arn, 'running', heard);
        await loaded(heard);
      }
      await sleep(300);
      ending.now = true;
      expect(await writing).toBeGreaterThan(100);
      await same();
      const heard = control.messages.length;
      control.send({ type: 'stop', taskArn: made.arn });
      await control.status(made.arn, 'stopped', heard);
      // A second load would hide what the changes lost or doubled.
      const tables = control.messages.filter((each) => each.type === 'statistics').at(-1)?.tables;
      expect(tables).toMatchObject([{ fullLoadRows: 0 }, { fullLoadRows: 0 }]);
      expect(await replicator.letGo()).toBe(0);
    } finally {
      ending.now = true;
      await writing;
      await replicator.kill();
      await control.close();
    }
  });

  it('goes on by itself when either database restarts under writes', async () => {
    await databases.prepare(schema);
    const task = new RunningTask(request(databases, 'restarts', { startType: 'reload-target' }));
    try {
      await task.loaded();
      const ending = { now: false };
      const writing = write(ending, 0);
      await sleep(200);
      await databases.engines.target.restart();
      databases.onTarget = await openSession(databases.engines.target);
      await sleep(200);
      ending.now = true;
      const next = await writing;
      await databases.engines.source.restart();
      databases.onSource = await openSession(databases.engines.source);
      await databases.onSource.query(`INSERT INTO app.entries VALUES (${next + 1}, 1, 'after')`);
      await same();
      expect(task.statuses.map(({ status }) => status)).not.toContain('failed');
    } finally {
      await task.stop();
    }
  });
});
