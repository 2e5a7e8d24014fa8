import { DmsTask } from '../../../../runbooks/adapters/aws/replication-task';
import { systemClock } from '../../../../runbooks/adapters/clock';
import { StaleEpochError, UsageError } from '../../../../runbooks/ports/failures';
import type { Clock } from '../../../../runbooks/ports/clock';
import { dmsSeed, forwardArn, instanceArn, loadArn, serverlessArn } from '../../../rehearsal/aws-endpoint/dms-seed';
import { ScriptedReplicator } from '../../../rehearsal/aws-endpoint/scripted-replicator';
import { noSignal, openPlace, type Place } from './aws-place';

const names: Record<string, string> = { [loadArn]: 'billing-load', [serverlessArn]: 'billing-serverless' };
/** Both can be started without a position. */
const loads = [loadArn, serverlessArn];

describe('a DMS task', () => {
  let place: Place;
  let replicator: ScriptedReplicator;
  const open = async (times: Parameters<typeof dmsSeed>[0] = {}) => {
    place = await openPlace({ ...dmsSeed(times), metricPeriodSeconds: 3600 });
    replicator = await ScriptedReplicator.connect(place.endpoint);
  };
  afterEach(async () => {
    replicator.close();
    await place.close();
  });

  const task = (
    arn = forwardArn,
    more: { clock?: Clock; timeoutSeconds?: number; assertHeld?: () => Promise<void> } = {},
  ) =>
    new DmsTask({
      clients: place.clients,
      clock: systemClock,
      arn,
      identifier: names[arn] ?? 'billing-forward',
      instanceArn,
      metricPeriodSeconds: 60,
      timeoutSeconds: 20,
      assertHeld: async () => undefined,
      ...more,
    });
  const say = (arn: string, status: string, more = {}) =>
    replicator.say({ type: 'status', taskArn: arn, status, ...more });
  const start = async (arn = forwardArn, position = '0/16B3748') => {
    const effect = loads.includes(arn) ? task(arn).startLoad() : task(arn).startFrom(() => position);
    expect(await effect.precheck(noSignal)).toBe(false);
    await effect.act(noSignal);
    const { task: order } = await replicator.next('start');
    say(arn, 'running');
    expect(await effect.verify(noSignal)).toBe(true);
    return order;
  };
  const stop = async (arn = forwardArn) => {
    const effect = task(arn).stop();
    expect(await effect.precheck(noSignal)).toBe(false);
    await effect.act(noSignal);
    await replicator.next('stop');
    say(arn, 'stopped');
    expect(await effect.verify(noSignal)).toBe(true);
    expect(await effect.precheck(noSignal)).toBe(true);
  };

  test.each(loads)('%s loads, is stopped, and goes on where it stood', async (arn) => {
    await open();
    expect(await task(arn).read(noSignal)).toMatchObject({ status: 'ready', hasRun: false, tablesErrored: 0 });
    expect(await start(arn)).toMatchObject({ startType: 'start-replication' });
    expect(await task(arn).startLoad().precheck(noSignal)).toBe(true);
    expect(await task(arn).read(noSignal)).toMatchObject({ status: 'running', hasRun: true });
    await stop(arn);
    expect(await task(arn).read(noSignal)).toMatchObject({ status: 'stopped', stopReason: 'Stop Reason NORMAL' });
    expect(await start(arn)).toMatchObject({ startType: 'resume-processing' });
  });

  test('a serverless one is starting for as long as it connects, counts and provisions', async () => {
    await open({ startSeconds: 0.5 });
    await task(serverlessArn).startLoad().act(noSignal);
    expect((await task(serverlessArn).read(noSignal)).status).toBe('starting');
    // Not told to start twice.
    await task(serverlessArn).startLoad().act(noSignal);
    await replicator.next('start');
    say(serverlessArn, 'running');
    expect(await task(serverlessArn).startLoad().verify(noSignal)).toBe(true);
  });

  test('a serverless one takes no position', async () => {
    await open();
    const effect = task(serverlessArn).startFrom(() => '0/1');
    await expect(effect.act(noSignal)).rejects.toThrow(/billing-serverless cannot start from a position, 0\/1/);
    expect((await task(serverlessArn).read(noSignal)).status).toBe('ready');
  });

  test('starts from a position, and from another one after a stop', async () => {
    await open();
    expect(await start()).toMatchObject({ startType: 'start-replication', cdcStartPosition: '0/16B3748' });
    await stop();
    expect(await start(forwardArn, '0/2000000')).toMatchObject({
      startType: 'start-replication',
      cdcStartPosition: '0/2000000',
    });
  });

  test.each([
    [forwardArn, 'Task'],
    [serverlessArn, ''],
  ])('%s takes lost answers for what they were', async (arn, kind) => {
    await open();
    const lose = (operation: string) =>
      place.endpoint.addFault({ kind: 'answer-lost', service: 'dms', operation, count: 1, manner: 'reset' });
    lose(`StartReplication${kind}`);
    await start(arn);
    lose(`StopReplication${kind}`);
    await stop(arn);
  });

  test('waits for a slow stop before it starts, and for a slow start before it stops', async () => {
    await open({ startSeconds: 0.3, stopSeconds: 0.3 });
    await start();
    const stopping = task().stop();
    await stopping.act(noSignal);
    await replicator.next('stop');
    say(forwardArn, 'stopped');
    expect((await task().read(noSignal)).status).toBe('stopping');
    const starting = task().startFrom(() => '0/3');
    await starting.act(noSignal);
    expect((await task().read(noSignal)).status).toBe('starting');
    const halt = task().stop();
    const halting = halt.act(noSignal);
    await replicator.next('start');
    say(forwardArn, 'running');
    await halting;
    await replicator.next('stop');
    say(forwardArn, 'stopped');
    expect(await halt.verify(noSignal)).toBe(true);
  });

  test('a task that starts already is not started twice', async () => {
    await open({ startSeconds: 0.2 });
    await task()
      .startFrom(() => '0/1')
      .act(noSignal);
    const again = task().startFrom(() => '0/1');
    expect(await again.precheck(noSignal)).toBe(false);
    await again.act(noSignal);
    await replicator.next('start');
    say(forwardArn, 'running');
    expect(await again.verify(noSignal)).toBe(true);
    expect(replicator.heard.filter(({ type }) => type === 'start')).toEqual([]);
  });

  test('a failed start is told with what DMS says', async () => {
    await open();
    place.endpoint.addFault({ kind: 'task-start-fails', count: 1, message: 'Last Error slot is gone' });
    const effect = task().startFrom(() => '0/1');
    await effect.act(noSignal);
    await expect(effect.verify(noSignal)).rejects.toThrow(
      'DMS task billing-forward is failed instead of running: Last Error slot is gone',
    );
    expect(await task().stop().precheck(noSignal)).toBe(true);
  });

  test('waits no longer than its time, and not at all once the signal has ended', async () => {
    await open();
    const effect = task(forwardArn, { timeoutSeconds: 0.4 }).startFrom(() => '0/1');
    await effect.act(noSignal);
    await expect(effect.verify(noSignal)).rejects.toThrow(/took longer than 0.4 s/);
    await expect(
      task()
        .startFrom(() => '0/1')
        .verify(AbortSignal.abort(new Error('over'))),
    ).rejects.toThrow('over');
  });

  test('neither starts nor stops for an operator who was taken over', async () => {
    await open();
    const stale = { assertHeld: () => Promise.reject(new StaleEpochError('taken over')) };
    await expect(
      task(forwardArn, stale)
        .startFrom(() => '0/1')
        .act(noSignal),
    ).rejects.toThrow('taken over');
    expect((await task().read(noSignal)).status).toBe('ready');
    await start();
    await expect(task(forwardArn, stale).stop().act(noSignal)).rejects.toThrow('taken over');
    expect((await task().read(noSignal)).status).toBe('running');
  });

  test('a task of the manifest that does not exist is a matter of deployment', async () => {
    await open();
    for (const arn of [forwardArn, serverlessArn]) {
      const gone = await task(`${arn}X`)
        .read(noSignal)
        .catch((error: unknown) => error);
      expect(gone).toBeInstanceOf(UsageError);
      expect(gone).toMatchObject({ code: 'task-missing', next: 'cdk deploy' });
    }
  });

  test.each(loads)('%s lists every table, page by page', async (arn) => {
    await open();
    await start(arn);
    const counters = {
      inserts: 0,
      updates: 0,
      deletes: 0,
      ddls: 0,
      appliedInserts: 0,
      appliedUpdates: 0,
      appliedDeletes: 0,
    };
    const tables = Array.from({ length: 520 }, (_unused, i) => ({
      ...counters,
      schema: 'app',
      table: `t${String(i).padStart(3, '0')}`,
      state: i === 7 ? 'Table error' : 'Table completed',
      fullLoadRows: i,
    }));
    replicator.say({ type: 'statistics', taskArn: arn, tables, fullLoadProgressPercent: 55 });
    let listed = await task(arn).tables(noSignal);
    for (let i = 0; i < 200 && listed.length === 0; i += 1) listed = await task(arn).tables(noSignal);
    expect(listed).toHaveLength(520);
    expect(listed[7]).toEqual({
      table: 'app.t007',
      state: 'Table error',
      fullLoadRows: 7,
      validation: 'Not enabled',
    });
    expect(await task(arn).read(noSignal)).toMatchObject({ fullLoadPercent: 55, tablesErrored: 1 });
  });

  const latencies =
    '%s tells the latency of the newest period with its time, and nothing where none was published of late';
  test.each([forwardArn, serverlessArn])(latencies, async (arn) => {
    await open();
    await start(arn);
    const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 600_000);
    const at = (seconds: number): Clock => ({
      ...systemClock,
      nowMilliseconds: () => minute.getTime() + seconds * 1000,
    });
    expect(await task(arn, { clock: at(65) }).latency(noSignal)).toBeUndefined();
    replicator.say({
      type: 'metrics',
      taskArn: arn,
      sourceLatencySeconds: 3,
      targetLatencySeconds: 4,
      incomingChanges: 1,
    });
    replicator.say({ type: 'status', taskArn: arn, status: 'running', fullLoadProgressPercent: 1 });
    for (let i = 0; i < 200 && (await task(arn).read(noSignal)).fullLoadPercent !== 1; i += 1);
    place.endpoint.closeMetricPeriod(minute);
    const end = minute.getTime() + 60_000;
    const reading = { sourceSeconds: 3, targetSeconds: 4, measuredAtMilliseconds: end };
    expect(await task(arn, { clock: at(61) }).latency(noSignal)).toEqual(reading);
    expect(await task(arn, { clock: at(180) }).latency(noSignal)).toEqual(reading);
    expect(await task(arn, { clock: at(780) }).latency(noSignal)).toBeUndefined();
    // Of the load task nothing was published.
    expect(await task(loadArn, { clock: at(61) }).latency(noSignal)).toBeUndefined();
  });
});
