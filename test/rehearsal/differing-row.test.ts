import { Client } from 'pg';
import type { OperatorRun } from '../../rehearsal/operator';
import { startWorld, type RehearsalWorld } from '../../rehearsal/world';
import { quickPace, quickTimes, tinyScenario } from './small-rehearsal';

let world: RehearsalWorld;

beforeAll(async () => {
  world = await startWorld({ scenario: tinyScenario(), pace: quickPace, times: quickTimes });
  await world.startWorkload();
  for (const verb of ['start', 'verify']) expect((await world.operator.execute(verb)).exitCode).toBe(0);
});
afterAll(() => world?.close());

const lastOf = (run: OperatorRun) => run.events.findLast((event) => event['type'] === 'run.finished');

describe('a row that differs', () => {
  const onTarget = async (sql: string) => {
    const client = new Client({ ...world.engines.target.superuser, database: world.scenario.database });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };

  it('stops a switch before the fence, by its key, and everything stays as it was', async () => {
    await onTarget("UPDATE owners SET name = name || ' ' WHERE id = 7");
    const run = await world.operator.execute('switch');
    await onTarget('UPDATE owners SET name = rtrim(name) WHERE id = 7');
    expect(run.exitCode).toBe(5);
    const reason = run.events.find((event) => event['code'] === 'data-differs');
    expect(reason?.['text']).toContain('owners key (7)');
    expect(run.events.some((event) => event['part'] === 'fence')).toBe(false);
    expect(lastOf(run)).toMatchObject({ primary: 'source', writesAccepted: 'source' });
  });

  it('asks for a clean verification before the next switch', async () => {
    const refused = await world.operator.execute('switch');
    expect(refused.exitCode).toBe(3);
    expect(refused.events.some((event) => event['code'] === 'verification-not-clean')).toBe(true);
    expect((await world.operator.execute('verify')).exitCode).toBe(0);
  });
});
