import { startWorld, type RehearsalWorld } from '../../../rehearsal/world';
import { quickPace, quickTimes, tinyScenario } from '../small-rehearsal';
import {
  healthCheck,
  highTtl,
  longHold,
  lowTtlOfLate,
  noBackups,
  parameterDisagrees,
  splitWriteRecord,
  stackUpdating,
  tableInError,
  untilOldTtlHasPassed,
  weightsOfSomebodyElse,
} from './cloud-provocations';
import { inTheDatabases } from './database-provocations';
import { delayApply, freezeAbove, metrics, untilCaughtUp } from './lag-provocations';
import { errorsOf, lastWordsOf, refusesTogether, runnable } from './refusal';
import { Stage } from './stage';

/** Started and verified once; every refusal is provoked in turn, and at the end the switch goes through all the same. */
let world: RehearsalWorld;
let stage: Stage;

const times = {
  ...quickTimes,
  gates: {
    ...quickTimes.gates,
    // Two periods of the metric: what stands still for so long is seen to.
    lagWindowSeconds: 2,
    maxLagSeconds: 2,
    maxMarkerRoundTripSeconds: 2,
    maxOpenTransactionSeconds: 1,
  },
};

/** Few clients, none with a transaction that would be old by the limit above: they write during the last switch alone. */
const calmScenario = () => {
  const scenario = tinyScenario();
  const mix = { ...scenario.workload.mix, longTransaction: 0 };
  return { ...scenario, workload: { ...scenario.workload, clients: 8, writesPerSecond: 50, mix } };
};

beforeAll(async () => {
  world = await startWorld({ scenario: calmScenario(), pace: quickPace, times });
  stage = await Stage.on(world);
  await metrics(stage, 'absent');
  for (const verb of ['start', 'verify']) expect((await world.operator.execute(verb)).exitCode).toBe(0);
});
afterAll(async () => {
  await stage?.close();
  await world?.close();
});

const lagSetting = 'gates.maxLagSeconds';
const periodSetting = 'replication.metricPeriodSeconds';

refusesTogether(
  'a lag metric that was never published',
  () => stage,
  ['watch'],
  [
    {
      title: 'its absence',
      provoke: async () => undefined,
      undo: () => metrics(stage, 'normal'),
      code: 'lag-metric-silent',
      says: /no CDCLatencySource and CDCLatencyTarget, one figure is due every 1 s/,
      setting: periodSetting,
    },
  ],
);

refusesTogether(
  'a switch, with much that is wrong at once',
  () => stage,
  ['switch'],
  [...inTheDatabases, tableInError, splitWriteRecord, highTtl],
);

refusesTogether(
  'a switch, while others work on the records',
  () => stage,
  ['switch'],
  [lowTtlOfLate, weightsOfSomebodyElse, stackUpdating],
);

refusesTogether('a check', () => stage, ['check'], [parameterDisagrees, longHold, noBackups, healthCheck]);

refusesTogether(
  'a switch behind a slow replication',
  () => stage,
  ['switch'],
  [
    {
      title: 'the lag',
      provoke: async () => {
        await untilOldTtlHasPassed(stage);
        await delayApply(stage, 4_500);
      },
      undo: () => delayApply(stage, 0),
      code: 'lag-too-high',
      says: /a heartbeat took \d\.\d+ s within the last 2 s, 2 s are allowed/,
      setting: lagSetting,
    },
    {
      title: 'the marker',
      provoke: async () => undefined,
      // For the group that follows: the metric stays where this one has brought it.
      undo: () => freezeAbove(stage, 2.2),
      code: 'marker-too-slow',
      says: /a marker was under way through replication for \d\.\d+ s, 2 s are allowed/,
      setting: 'gates.maxMarkerRoundTripSeconds',
    },
  ],
);

refusesTogether(
  'a lag metric that says more than the heartbeats',
  () => stage,
  ['watch'],
  [
    {
      title: 'the contradiction',
      provoke: () => untilCaughtUp(stage),
      undo: () => metrics(stage, 'normal'),
      code: 'lag-signals-disagree',
      says: /heartbeats say [01]\.\d+ s, DMS says \d[\d.]* s; 2 s are allowed by both/,
      setting: lagSetting,
    },
  ],
);

refusesTogether(
  'a lag metric that stands still',
  () => stage,
  ['watch'],
  [
    {
      title: 'the age of its newest figure',
      provoke: () => metrics(stage, 'absent'),
      undo: () => metrics(stage, 'normal'),
      code: 'lag-metric-frozen',
      says: /newest CDCLatencySource and CDCLatencyTarget are [\d.]+ s old, 2 s \(2 periods\) are allowed/,
      setting: periodSetting,
    },
  ],
);

/** Throttled, busy, answers that are lost after the effect, and a change that Route 53 never reports as done. */
const badDay = [
  { kind: 'throttle', operation: 'ChangeResourceRecordSets', count: 2 },
  { kind: 'refuse', operation: 'ChangeResourceRecordSets', code: 'PriorRequestNotComplete' },
  { kind: 'answer-lost', operation: 'ChangeResourceRecordSets', manner: 'reset' },
  { kind: 'answer-lost', service: 's3', operation: 'PutObject', manner: 'reset', count: 3 },
  { kind: 'answer-lost', operation: 'PutParameter' },
  { kind: 'throttle', operation: 'DescribeReplicationTasks', count: 2 },
  { kind: 'answer-lost', operation: 'StopReplicationTask', manner: 'reset' },
  { kind: 'answer-lost', operation: 'StartReplicationTask' },
  { kind: 'never-insync', active: true },
];

describe('a verb at the wrong time', () => {
  const whole = (verb: string) => `cutover ${verb} tiny --environment rehearsal`;

  async function refused(verb: string, primary: string, code: string, says: RegExp, next: RegExp): Promise<void> {
    const before = await stage.fingerprint();
    const run = await world.operator.execute(verb);
    expect(errorsOf(run)).toEqual([expect.objectContaining({ code, text: expect.stringMatching(says) as string })]);
    expect(lastWordsOf(run)).toMatchObject({ exitCode: 3, primary, writesAccepted: primary });
    expect(lastWordsOf(run)?.['next']).toMatch(runnable);
    expect([lastWordsOf(run)?.['next'], errorsOf(run)[0]?.['remedy']]).toContainEqual(expect.stringMatching(next));
    expect(await stage.fingerprint()).toEqual(before);
  }

  it('is refused while the source is primary: finalize has nothing to end', () =>
    refused(
      'finalize',
      'source',
      'wrong-situation',
      /finalize does not fit: .* the source is primary/,
      RegExp(`^${whole('switch')}$`),
    ));

  it('is refused while the source is primary: roll-back has nothing to roll back', () =>
    refused('roll-back', 'source', 'wrong-situation', /the source is primary already/, RegExp(`^${whole('status')}$`)));

  it('is refused before the window has passed: finalize, after a switch that neither all of this nor a bad day of AWS has harmed', async () => {
    await world.startWorkload();
    for (const fault of badDay) await stage.fault(fault);
    const run = await world.operator.execute('switch');
    expect([run.exitCode, errorsOf(run)]).toEqual([0, []]);
    expect(run.events.map((event) => event['code'])).toContain('route-not-in-sync');
    await stage.fault({ kind: 'never-insync', active: false });
    // Also the one that the load task has made and named by itself: it would keep the source's log for ever.
    expect(await stage.sql('source', 'SELECT slot_name FROM pg_replication_slots')).toEqual([]);
    const says = /\d+ s have passed since the switch, the window is 600 s \(setting timing\.rollbackWindowSeconds\)/;
    await world.stopWorkload();
    await refused('finalize', 'target', 'window-not-passed', says, /^wait until 2\d{3}-\S+, then cutover finalize/);
  });

  it('finalizes once the window has passed and nobody is left on the source', async () => {
    const putBack = await stage.parameter('manifest/timing', (value) =>
      JSON.stringify({ ...(JSON.parse(value) as object), rollbackWindowSeconds: 1 }),
    );
    try {
      // Somebody was let in for a moment, and has stayed.
      const password = world.credentials.passwordOf('tiny_app');
      await stage.sql('source', 'ALTER ROLE tiny_app LOGIN');
      await stage.session('stayed', 'source', 'SELECT 1', { user: 'tiny_app', password });
      await stage.sql('source', 'ALTER ROLE tiny_app NOLOGIN');
      await refused(
        'finalize',
        'target',
        'side-not-closed',
        /on the source: 1 sessions of tiny_app/,
        /^cutover status/,
      );
      await stage.endSession('stayed');

      const run = await world.operator.execute('finalize');
      expect([run.exitCode, errorsOf(run), lastWordsOf(run)]).toMatchObject([
        0,
        [],
        { primary: 'target', writesAccepted: 'target', next: whole('status') },
      ]);
      for (const side of ['source', 'target'] as const)
        expect(await stage.sql(side, 'SELECT slot_name FROM pg_replication_slots')).toEqual([]);
      const status = await world.operator.run('status');
      expect([status.exitCode, lastWordsOf(status)?.['primary']]).toEqual([0, 'target']);
      await refused('roll-back', 'target', 'wrong-situation', /"finalized", the target is primary/, /^cutover status/);
    } finally {
      await putBack();
    }
  });
});
