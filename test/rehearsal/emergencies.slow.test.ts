import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, rehearsalEnvironmentName, rehearsalRegion } from '../../rehearsal/local-place';
import { startWorld, type RehearsalWorld } from '../../rehearsal/world';
import { openSide } from '../crash/open-side';
import { errorsOf, lastWordsOf } from './refusals/refusal';
import { quickPace, quickTimes, tinyScenario, judgementOf, violations } from './small-rehearsal';
import { stoppedAt } from './stopped-operator';

/** One world: credentials expire in the pause, before and after the decision; in the end the new primary dies. */
let world: RehearsalWorld;

const times = {
  ...quickTimes,
  gates: { ...quickTimes.gates, maxWritePauseSeconds: 60 },
  timing: { ...quickTimes.timing, leaseSeconds: 3600 },
};
const patienceMilliseconds = 60_000;

const calmScenario = () => {
  const scenario = tinyScenario();
  return { ...scenario, workload: { ...scenario.workload, clients: 8, writesPerSecond: 40 } };
};

beforeAll(async () => {
  world = await startWorld({ scenario: calmScenario(), pace: quickPace, times });
  await world.startWorkload();
  for (const verb of ['start', 'verify']) expect((await world.operator.execute(verb)).exitCode).toBe(0);
});
afterAll(() => world?.close());

const command = (verb: string) => `cutover ${verb} tiny --environment ${rehearsalEnvironmentName}`;
const codesOf = (run: Parameters<typeof errorsOf>[0]) =>
  run.events.filter((event) => event['type'] === 'message').map((event) => event['code']);

/** Resolves once every call is refused, or none. */
async function expire(active: boolean): Promise<void> {
  world.cloud.send({ type: 'fault', fault: { kind: 'credentials-expired', active } });
  const client = new STSClient({
    endpoint: `http://${addressOf(world.place.endpoint)}`,
    region: rehearsalRegion,
    credentials: { accessKeyId: 'AKIALOOKING', secretAccessKey: 'unused' },
  });
  const isRefused = () =>
    client.send(new GetCallerIdentityCommand({})).then(
      () => false,
      () => true,
    );
  try {
    for (const deadline = Date.now() + patienceMilliseconds; (await isRefused()) !== active; await sleep(20))
      if (Date.now() > deadline) throw new Error(`the credentials do not ${active ? 'expire' : 'come back'}`);
  } finally {
    client.destroy();
  }
}

/** A switch during which the sign-in expires, exactly at this boundary; it is renewed when the switch has ended. */
async function expiringAt(boundary: string) {
  const running = await stoppedAt(world, 'switch', boundary);
  await expire(true);
  process.kill(running.child.processId, 'SIGCONT');
  await running.child.exited;
  await expire(false);
  return world.operator.end(running);
}

describe('credentials that expire inside the pause', () => {
  it('before the records have moved: all is undone, since that needs nothing of AWS', async () => {
    const run = await expiringAt('end-sessions-source:before');
    expect([run.exitCode, lastWordsOf(run)]).toMatchObject([
      5,
      { primary: 'source', writesAccepted: 'source', next: `${command('resume')} --execute` },
    ]);
    expect(errorsOf(run).map((error) => error['text'])).toEqual([expect.stringMatching(/credentials have expired/)]);
    expect(codesOf(run)).toEqual(expect.arrayContaining(['lock-left', 'not-notified']));
    expect(await openSide(world)).toBe('source');

    const rest = await world.operator.execute('resume');
    expect([rest.exitCode, codesOf(rest), lastWordsOf(rest)]).toMatchObject([
      0,
      expect.arrayContaining(['takes-over', 'journal-uploaded']) as unknown,
      { primary: 'source', writesAccepted: 'source' },
    ]);
  });

  it('after the records have moved: the old side serves again, and the change batch to send is said', async () => {
    const run = await expiringAt('marker-forward-source#2:before');
    expect([run.exitCode, lastWordsOf(run)]).toMatchObject([
      6,
      { primary: 'source', writesAccepted: 'source', next: `${command('resume')} --execute` },
    ]);
    const byHand = run.events.filter((event) => event['type'] === 'by-hand');
    expect(byHand.map((event) => event['text']).join()).toContain('aws route53 change-resource-record-sets');
    expect(await openSide(world)).toBe('source');

    const rest = await world.operator.execute('resume');
    expect([rest.exitCode, lastWordsOf(rest)]).toMatchObject([5, { primary: 'source', writesAccepted: 'source' }]);
  });

  it('after the decision: the other side is opened all the same, and the rest waits for the next sign-in', async () => {
    const run = await expiringAt('decide-open-target:after');
    expect([run.exitCode, lastWordsOf(run)]).toMatchObject([
      6,
      { primary: 'target', writesAccepted: 'target', next: `${command('resume')} --execute` },
    ]);
    expect(errorsOf(run).map((error) => error['text'])).toEqual([expect.stringMatching(/credentials have expired/)]);
    expect(await openSide(world)).toBe('target');

    // And another misfortune after that: the way back does not start at once.
    world.cloud.send({ type: 'fault', fault: { kind: 'task-start-fails' } });
    const stuck = await world.operator.execute('resume');
    expect([stuck.exitCode, lastWordsOf(stuck)]).toMatchObject([
      6,
      { primary: 'target', writesAccepted: 'target', next: `${command('resume')} --execute` },
    ]);
    expect(errorsOf(stuck)[0]?.['text']).toMatch(/DMS task \S+-reverse is failed instead of running/);

    const rest = await world.operator.execute('resume');
    expect([rest.exitCode, lastWordsOf(rest)]).toMatchObject([0, { primary: 'target', writesAccepted: 'target' }]);
  });

  it('costs no write, and leaves a whole journal', async () => {
    const judgement = await judgementOf(world);
    expect(violations(judgement)).toEqual([]);
    expect(judgement).toMatchObject({ primary: 'target', lostWrites: 0, writesAcceptedByBothSides: 0 });
  });
});

describe('a new primary that dies for good in the rollback window', () => {
  it('is given up: the source serves again, and the target never does', async () => {
    await world.engines.target.kill();
    const plan = await world.operator.run('roll-back', '--accept-loss');
    expect(lastWordsOf(plan)).toMatchObject({ exitCode: 0, primary: 'target', writesAccepted: 'nowhere' });
    const interval = String(lastWordsOf(plan)?.['next']).split(' ').at(-1) as string;
    const run = await world.operator.execute('roll-back', '--accept-loss', interval);
    // The queue consumer is gone with the clients: only its command fails, after everything else.
    expect([run.exitCode, lastWordsOf(run)]).toMatchObject([6, { primary: 'source', writesAccepted: 'source' }]);
    expect(lastWordsOf(run)?.['next']).toBe(`${command('roll-back')} --execute --accept-loss`);
    await world.engines.target.restart();
    const status = await world.operator.run('status');
    expect([status.exitCode, lastWordsOf(status)?.['primary']]).toEqual([6, 'source']);
  });
});
