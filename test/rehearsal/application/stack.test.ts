import { Agent, request } from 'node:http';
import { Stack } from '../../../rehearsal/application/stack/stack';
import { neutralTable } from '../../../rehearsal/application/model/neutral-table';
import type { Side } from '../../../rehearsal/workload/configuration';
import { describeWithMysql } from '../../mysql-server';
import { shop } from './shop';
import { startTwoSides, type TwoSides } from './two-sides';

interface Answer {
  status: number;
  closes: boolean;
  body: Record<string, unknown>;
}

describeWithMysql('a stack of the application', (server) => {
  let sides: TwoSides;
  const stacks = {} as Record<Side, Stack>;
  const agent = new Agent({ keepAlive: true, maxSockets: 40 });
  beforeAll(async () => {
    sides = await startTwoSides(server(), shop);
    expect(sides.model.map((each) => neutralTable.parse(each))).toEqual(sides.model);
    for (const side of ['source', 'target'] as const) {
      stacks[side] = new Stack({ connectionsPerAccount: 3, ...configuration(side) });
      await stacks[side].start();
    }
  });
  afterAll(async () => {
    agent.destroy();
    Object.values(stacks).forEach((stack) => stack.close());
    await sides?.close();
  });

  const configuration = (side: Side) => {
    const { accounts, ...rest } = sides.stack(side);
    return { ...rest, accounts: { read: [], ...accounts } };
  };
  const ask = (side: Side, method: string, path: string, body?: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { listen } = sides.stack(side);
      const sent = request({ ...listen, method, path, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            closes: response.headers.connection === 'close',
            body: JSON.parse(text) as Answer['body'],
          }),
        );
      });
      sent.on('error', reject).end(body && JSON.stringify(body));
    });
  let sequence = 0;
  const write = (side: Side, holdMilliseconds = 0) =>
    ask(side, 'POST', '/transactions', {
      ...{ client: 'test', sequence: ++sequence, note: `test ${sequence}`, holdMilliseconds },
      operations: [{ kind: 'insert', table: 'rehearsal_ledger.jobs', values: { state: 'waiting', payload: 'x' } }],
    });
  const entries = async (side: Side, of: number) =>
    (await sides.sql(side, `SELECT id FROM rehearsal_ledger.entries WHERE client = 'test' AND sequence_number = ${of}`))
      .length;
  const sessions = async (side: Side) => {
    const { body } = await ask(side, 'GET', '/health');
    return Object.values(body['sessions'] as Record<string, number>).reduce((sum, each) => sum + each, 0);
  };

  test('writes with its ledger entry in the same transaction, and tells its keys', async () => {
    const { status, closes, body } = await write('source');
    expect({ status, closes }).toEqual({ status: 200, closes: false });
    expect(body).toMatchObject({
      outcome: 'ok',
      changes: [{ key: [expect.stringMatching(/^\d+$/)], row: { state: 'waiting', payload: 'x' } }],
    });
    expect(body['transaction']).toBe(body['entry']);
    expect(await entries('source', sequence)).toBe(1);
  });

  test('while its writers are locked it says so, ends the connection, and still reads', async () => {
    const { status, closes, body } = await write('target');
    expect({ status, closes }).toEqual({ status: 503, closes: true });
    expect(body).toMatchObject({ outcome: 'refused', notReady: true });
    expect(body['reason']).toMatch(/not ready: .*28000/);
    expect(await ask('target', 'GET', '/health')).toMatchObject({ status: 503, body: { ready: false } });
    expect(await ask('target', 'GET', '/rows?table=shop.customer')).toMatchObject({ status: 200, body: { rows: [] } });
  });

  test('it serves as soon as they are unlocked', async () => {
    await sides.lock('target', false);
    const from = Date.now();
    while ((await write('target')).status !== 200) await new Promise((done) => setTimeout(done, 10));
    // Tens of milliseconds on a computer at rest.
    expect(Date.now() - from).toBeLessThan(3000);
    await sides.lock('target', true);
    await sides.endSessions('target');
  });

  test.each(['source', 'target'] as const)(
    'locked and cut off in the midst of a transaction, the %s’s stack says what became of it',
    async (side) => {
      await sides.lock(side, false);
      while ((await write(side)).status !== 200) await new Promise((done) => setTimeout(done, 10));
      const held = write(side, 2500);
      const of = sequence;
      await new Promise((done) => setTimeout(done, 300));
      await sides.lock(side, true);
      await sides.endSessions(side);
      const { status, closes, body } = await held;
      expect({ status, closes }).toEqual({ status: 503, closes: true });
      expect(body).toMatchObject({ outcome: 'refused', notReady: true });
      expect(await entries(side, of)).toBe(0);
      for (let tries = 0; tries < 4; tries++) expect((await write(side)).status).toBe(503);
    },
  );

  test('no more connections than allowed, none lost, and none left over', async () => {
    await sides.lock('source', false);
    while ((await write('source')).status !== 200) await new Promise((done) => setTimeout(done, 10));
    const answers = await Promise.all(Array.from({ length: 60 }, () => write('source')));
    expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200));
    expect(await sessions('source')).toBeLessThanOrEqual(3 * 3);
    await sides.endSessions('source');
    await Promise.all(Array.from({ length: 20 }, () => write('source')));
    const there = await sides.sql(
      'source',
      "SELECT count(*) AS n FROM information_schema.processlist WHERE user IN ('orders_app', 'orders_worker')",
    );
    expect(Number(there[0]?.['n'])).toBeLessThanOrEqual(2 * 3);
  });

  test('what is no transaction is refused without effect', async () => {
    expect(await ask('source', 'POST', '/transactions', { client: 'test' })).toMatchObject({ status: 400 });
    expect(await ask('source', 'GET', '/rows?table=no.table')).toMatchObject({ status: 404 });
    expect(await ask('source', 'GET', '/elsewhere')).toMatchObject({ status: 404 });
  });
});
