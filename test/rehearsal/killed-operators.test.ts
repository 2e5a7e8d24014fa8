import { Client } from 'pg';
import { gatherEvidence } from '../../rehearsal/evidence';
import { untilCaughtUp } from '../../rehearsal/catch-up';
import { judge } from '../../rehearsal/judge/judge';
import { rehearsalEnvironmentName } from '../../rehearsal/local-place';
import type { OperatorRun } from '../../rehearsal/operator';
import { startWorld, type RehearsalWorld } from '../../rehearsal/world';
import { operatorCommand, quickPace, quickTimes, tinyScenario } from './small-rehearsal';

/** One world for all: each test goes on where the one before it ended, forward, back and forward. */
let world: RehearsalWorld;

beforeAll(async () => {
  world = await startWorld({ scenario: tinyScenario(), pace: quickPace, times: quickTimes });
  await world.startWorkload();
  for (const verb of ['start', 'verify']) expect((await world.operator.execute(verb)).exitCode).toBe(0);
});
afterAll(() => world?.close());

/** Runs a verb whose process is killed at `EFFECT:before` or `EFFECT:after`. */
async function killed(verb: string, boundary: string): Promise<OperatorRun> {
  const run = await world.operator.with(operatorCommand('dying-operator', boundary)).execute(verb);
  expect(run.signal).toBe('SIGKILL');
  return run;
}

const lastOf = (run: OperatorRun) => run.events.findLast((event) => event['type'] === 'run.finished');

async function recovered(
  verb: 'resume' | 'abort',
): Promise<{ code: number | null; primary: unknown; accepted: unknown }> {
  const run = await world.operator.execute(verb);
  const last = lastOf(run);
  return { code: run.exitCode, primary: last?.['primary'], accepted: last?.['writesAccepted'] };
}

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

describe('an operator that is killed', () => {
  it('is told by status what stands and what comes next', async () => {
    await killed('switch', 'fence-source:after');
    const status = lastOf(await world.operator.run('status'));
    expect(status).toMatchObject({ primary: 'source', writesAccepted: 'nowhere' });
    expect(status?.['next']).toBe(`cutover resume ${world.scenario.name} --environment ${rehearsalEnvironmentName}`);
  });

  it('right after the fence leaves a switch that resume unwinds', async () => {
    expect(await recovered('resume')).toEqual({ code: 5, primary: 'source', accepted: 'source' });
  });

  it('right after the decision leaves a switch that abort brings to its end', async () => {
    await killed('switch', 'decide-open-target:after');
    expect(await recovered('abort')).toEqual({ code: 0, primary: 'target', accepted: 'target' });
  });

  it('right after the fence on the way back leaves a roll-back that abort unwinds', async () => {
    await killed('roll-back', 'fence-target:after');
    expect(await recovered('abort')).toEqual({ code: 5, primary: 'target', accepted: 'target' });
  });

  it('right after the decision on the way back leaves a roll-back that resume brings to its end', async () => {
    await killed('roll-back', 'decide-open-source:after');
    expect(await recovered('resume')).toEqual({ code: 0, primary: 'source', accepted: 'source' });
  });

  it('keeps nobody from switching again, and nothing is lost in all of it', async () => {
    expect((await world.operator.execute('switch')).exitCode).toBe(0);
    await world.stopWorkload();
    await untilCaughtUp(world);
    const judgement = await judge(await gatherEvidence(world));
    const verdicts = Object.entries(judgement.invariants).map(([name, { verdict, evidence }]) =>
      verdict === 'violated' ? [name, evidence] : [name, verdict],
    );
    expect(verdicts.filter(([, verdict]) => Array.isArray(verdict))).toEqual([]);
    expect(judgement).toMatchObject({
      primary: 'target',
      lostWrites: 0,
      duplicateWrites: 0,
      writesAcceptedByBothSides: 0,
    });
  });
});
