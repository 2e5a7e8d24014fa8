import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { StaleEpochError } from '../../../../runbooks/ports/failures';
import type { Weights } from '../../../../runbooks/ports/routing';
import { noSignal, readName, routing, weighted, writeName } from './aws-place';
import { both, perform, RoutingPlace, toSource, toTarget } from './routing-place';

describe('Route 53 routing', () => {
  let at: RoutingPlace;
  const open = async (extra: ResourceRecordSet[] = []) => (at = await RoutingPlace.open(extra));
  afterEach(() => at.place.close());

  test('reads weights, TTL, health checks and the parameters of the next deploy', async () => {
    await open();
    expect(await at.routing().read(noSignal)).toEqual([
      {
        record: routing.records[0],
        weights: toSource,
        ttlSeconds: 5,
        parameterWeights: toSource,
        hasHealthCheck: false,
      },
      {
        record: routing.records[1],
        weights: toSource,
        ttlSeconds: 5,
        parameterWeights: toSource,
        hasHealthCheck: false,
      },
    ]);
  });

  test('finds its records among hundreds, and those with escaped names', async () => {
    const crowd = Array.from({ length: 700 }, (_unused, i) => ({
      Name: `${i % 2 ? 'a' : 'c'}${i}.rehearsal.internal`,
      Type: 'A' as const,
      TTL: 5,
      ResourceRecords: [{ Value: '127.0.0.1' }],
    }));
    const star = '*.stack.rehearsal.internal';
    await open([...crowd, weighted(star, 'source', 7), weighted(star, 'target', 0, { HealthCheckId: 'check' })]);
    const [first] = routing.records;
    if (!first) throw new Error('no record');
    const records = [{ ...first, name: star }, ...routing.records];
    const wide = at.routing({ records });
    const [found, write, read] = await wide.read(noSignal);
    expect(found).toMatchObject({ weights: { source: 7, target: 0 }, hasHealthCheck: true });
    expect([write?.weights, read?.weights]).toEqual([toSource, toSource]);
  });

  test('shifts both pairs in one batch, counts it, and keeps what else the records carry', async () => {
    await open();
    const runs = await at.claimed(3);
    expect(await runs.isInSync(noSignal)).toBe(false);
    expect(await perform(runs.shift('route-to-target', both(toTarget)))).toBe('applied');
    expect(await perform(runs.shift('route-to-target', both(toTarget)))).toBe('already');
    expect(await at.weights()).toEqual([
      [0, 255],
      [0, 255],
    ]);
    expect(await at.marks()).toEqual([`_cutover-1.${writeName}. "3.1.…"`, `_cutover-2.${writeName}. "3.2.…"`]);
    expect((await at.zone()).find(({ SetIdentifier }) => SetIdentifier === 'billing-target')).toMatchObject({
      TTL: 5,
      ResourceRecords: [{ Value: 'billing-target.databases.rehearsal.internal' }],
    });
  });

  test('is in sync once every name server has the newest batch', async () => {
    await open();
    const changes: string[] = [];
    at.place.endpoint.zones.subscribe(({ changeId }) => changes.push(changeId));
    expect(await at.routing().isInSync(noSignal)).toBe(true);
    const runs = await at.claimed(1);
    expect(await runs.isInSync(noSignal)).toBe(false);
    at.place.endpoint.applied(0, changes.at(-1) ?? '');
    expect(await runs.isInSync(noSignal)).toBe(true);
  });

  test.each<[string, string, Weights, RegExp]>([
    ['a split write record', writeName, { source: 200, target: 55 }, /a write record is all or nothing/],
    ['all weights zero', readName, { source: 0, target: 0 }, /equal shares, not none/],
    ['a weight above 255', readName, { source: 256, target: 0 }, /from 0 to 255/],
    ['a weight below 0', readName, { source: 5, target: -1 }, /from 0 to 255/],
    ['a broken weight', readName, { source: 0.5, target: 1 }, /from 0 to 255/],
    ['a name of somebody else', 'other.rehearsal.internal', toTarget, /no record of this migration/],
  ])('refuses %s before anything is sent', async (_what, name, wanted, message) => {
    await open();
    expect(() => at.routing().shift('shift', new Map([[name, wanted]]))).toThrow(message);
    expect(() => at.routing().recordWeights('record', new Map([[name, wanted]]))).toThrow(message);
  });

  test('splits a read record', async () => {
    await open();
    const runs = await at.claimed(1);
    await perform(runs.shift('shift-reads-20', new Map([[readName, { source: 80, target: 20 }]])));
    expect(await at.weights()).toEqual([
      [255, 0],
      [80, 20],
    ]);
  });

  test('writes the parameters of the next deploy, while the lock is held', async () => {
    await open();
    expect(await perform(at.routing().recordWeights('record', both(toTarget)))).toBe('applied');
    expect(await perform(at.routing().recordWeights('record', both(toTarget)))).toBe('already');
    expect((await at.routing().read(noSignal)).map((reading) => reading.parameterWeights)).toEqual([
      toTarget,
      toTarget,
    ]);
    const lost = at.routing({}, () => Promise.reject(new StaleEpochError('taken over')));
    await expect(perform(lost.recordWeights('record', both(toSource)))).rejects.toThrow('taken over');
    expect((await at.routing().read(noSignal)).map((reading) => reading.parameterWeights)).toEqual([
      toTarget,
      toTarget,
    ]);
  });

  test('names the stacks that are being updated', async () => {
    at = await RoutingPlace.open([], {
      stacks: [
        { name: 'billing-routing', status: 'UPDATE_IN_PROGRESS' },
        { name: 'quiet', status: 'UPDATE_COMPLETE' },
        { name: 'reviewed', status: 'REVIEW_IN_PROGRESS' },
      ],
    });
    const updating = (stackNames: string[]) => at.routing({ stackNames }).stacksUpdating(noSignal);
    expect(await updating(['billing-routing', 'quiet', 'reviewed'])).toEqual(['billing-routing']);
    await expect(updating(['gone'])).rejects.toThrow('stack gone of the manifest does not exist');
  });
});
