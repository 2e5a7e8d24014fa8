import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { acceptedBatches, readRequestLog } from '../../rehearsal/judge/request-log';
import { databaseName, rehearsalEnvironmentName } from '../../rehearsal/local-place';
import type { Line } from '../../rehearsal/processes/output-lines';
import type { OperatorRun } from '../../rehearsal/operator';
import { startWorld, type RehearsalWorld } from '../../rehearsal/world';
import { operatorCommand, quickPace, quickTimes, tinyScenario, judgementOf, violations } from './small-rehearsal';

/** Nobody renews the lock while this test runs: what refuses the woken operator are the databases and Route 53 alone. */
const times = { ...quickTimes, timing: { ...quickTimes.timing, leaseSeconds: 3600 } };
const patienceMilliseconds = 60_000;

let world: RehearsalWorld;

beforeAll(async () => {
  world = await startWorld({ scenario: tinyScenario(), pace: quickPace, times });
  await world.startWorkload();
  for (const verb of ['start', 'verify']) {
    const run = await world.operator.execute(verb);
    expect([verb, run.exitCode, run.events.slice(-2)]).toMatchObject([verb, 0, {}]);
  }
});
afterAll(() => world?.close());

const isStopped = (processId: number) =>
  readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ').at(-1)?.startsWith('T') ?? false;

/** A switch that stops itself in the middle; `wake` lets it go on to its end. */
async function stoppedAt(place: 'fenced' | 'routing') {
  const operator = world.operator.with(operatorCommand('stopping-operator', place));
  const begun = operator.begin('switch', '--execute', '--confirm', rehearsalEnvironmentName);
  const { events, child } = begun;
  for (const deadline = Date.now() + patienceMilliseconds; !isStopped(child.processId); await sleep(50))
    if (Date.now() > deadline) throw new Error(`not stopped: ${JSON.stringify(events.slice(-3))}`);
  return async (): Promise<{ run: OperatorRun; afterwards: Line[] }> => {
    const before = events.length;
    process.kill(child.processId, 'SIGCONT');
    return { run: await operator.end(begun), afterwards: events.slice(before) };
  };
}

const lastOf = (run: OperatorRun) => run.events.findLast((event) => event['type'] === 'run.finished');
const messageOf = (run: OperatorRun, code: string) =>
  run.events.find((event) => event['type'] === 'message' && event['code'] === code)?.['text'];
const effects = (events: readonly Line[], phase: string) =>
  events.filter((event) => event['type'] === 'effect' && event['phase'] === phase).map((event) => event['name']);

const calls = () =>
  readRequestLog(world.requestLogFile).filter((call) => call.operation === 'ChangeResourceRecordSets');
const batchesToTarget = () =>
  acceptedBatches(calls()).filter(({ changes }) =>
    changes.some(
      ({ record }) =>
        (record.Weight ?? 0) > 0 &&
        record.ResourceRecords?.some(({ Value }) => Value.startsWith(databaseName(world.scenario.name, 'target'))),
    ),
  );

const status = `cutover status tiny --environment ${rehearsalEnvironmentName}`;
const servedBySource = { primary: 'source', writesAccepted: 'source' };

describe('two operators of one migration', () => {
  it('keeps the second out while the first holds the lock, and refuses the first once it was taken over', async () => {
    const wake = await stoppedAt('fenced');

    const second = await world.operator.execute('switch');
    expect(second.exitCode).toBe(3);
    expect(messageOf(second, 'lock-held')).toMatch(/^\S+@\S+ has been running switch since 20\d\d-\d\d-\d\dT[\d:.]+Z/);
    expect(effects(second.events, 'intent')).toEqual([]);
    expect(lastOf(second)).toMatchObject({ primary: 'source', writesAccepted: 'nowhere', next: status });

    const successor = await world.operator.execute('abort');
    expect([successor.exitCode, lastOf(successor)]).toMatchObject([5, servedBySource]);
    expect(messageOf(successor, 'takes-over')).toMatch(/has been running switch since/);

    const { run, afterwards } = await wake();
    expect([run.exitCode, run.signal]).toEqual([1, null]);
    expect(messageOf(run, 'failed')).toMatch(/taken this migration over/);
    expect(lastOf(run)).toMatchObject({ ...servedBySource, next: status });
    expect([...effects(afterwards, 'applied'), ...effects(afterwards, 'already')]).toEqual([]);
    expect(afterwards.filter(({ text }) => typeof text === 'string' && text.startsWith('undoing'))).toEqual([]);
  });

  it('lets no change batch of the first through, though the second has sent none but its claim', async () => {
    const wake = await stoppedAt('routing');
    const successor = await world.operator.execute('resume');
    expect([successor.exitCode, lastOf(successor)]).toMatchObject([5, servedBySource]);
    // The weights had not moved, so the successor had nothing to send back.
    expect(effects(successor.events, 'applied')).not.toContain('route-back');

    const before = calls().length;
    const { run, afterwards } = await wake();
    expect(run.exitCode).toBe(1);
    expect(messageOf(run, 'failed')).toMatch(/Route 53 has counted|taken this migration over/);
    expect(lastOf(run)).toMatchObject({ ...servedBySource, next: status });
    expect(effects(afterwards, 'applied')).toEqual([]);
    const refused = calls().slice(before);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ status: 400, errorCode: 'InvalidChangeBatch' });
    expect(batchesToTarget()).toEqual([]);
  });

  it('loses nothing in all of it', async () => {
    const judgement = await judgementOf(world);
    expect(violations(judgement)).toEqual([]);
    expect(judgement).toMatchObject({ primary: 'source', lostWrites: 0, writesAcceptedByBothSides: 0 });
  });
});
