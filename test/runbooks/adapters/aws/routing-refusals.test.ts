import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { StaleEpochError, UsageError } from '../../../../runbooks/ports/failures';
import { noSignal, readName, routing, weighted, writeName, zoneId } from './aws-place';
import { both, perform, RoutingPlace, toSource, toTarget } from './routing-place';

describe('Route 53 routing under refusals and lost answers', () => {
  let at: RoutingPlace;
  const open = async (extra: ResourceRecordSet[] = []) => (at = await RoutingPlace.open(extra));
  afterEach(() => at.place.close());

  test.each(['error', 'reset'] as const)('takes a lost answer (%s) for what it was: a success', async (manner) => {
    await open();
    at.loseAnswer(manner);
    const runs = await at.claimed(1);
    at.loseAnswer(manner);
    expect(await perform(runs.shift('route-to-target', both(toTarget)))).toBe('applied');
    expect(await perform(runs.shift('route-back', both(toSource)))).toBe('applied');
    expect(await at.marks()).toHaveLength(3);
    // The id of a change whose answer was lost is not known: nothing is claimed about it.
    at.loseAnswer(manner);
    await perform(runs.shift('route-to-target', both(toTarget)));
    expect(await runs.isInSync(noSignal)).toBe(false);
  });

  test('gets through throttling', async () => {
    await open();
    at.place.endpoint.addFault({
      kind: 'throttle',
      service: 'route53',
      operation: 'ChangeResourceRecordSets',
      count: 2,
    });
    await at.claimed(1);
    expect(await at.marks()).toHaveLength(1);
  });

  test('goes on with the next number when a batch took effect after its caller had given up', async () => {
    await open();
    const runs = await at.claimed(1);
    const given = new AbortController();
    const effect = runs.shift('route-to-target', both(toTarget));
    const { client } = await at.place.clients.route53();
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const answer = await next(args);
        if (context.commandName === 'ChangeResourceRecordSetsCommand') given.abort(new Error('interrupted'));
        return answer;
      },
      { step: 'initialize', name: 'abort', priority: 'high' },
    );
    await expect(effect.act(given.signal)).rejects.toThrow('interrupted');
    client.middlewareStack.remove('abort');
    expect(await perform(runs.shift('route-back', both(toSource)))).toBe('applied');
    expect(await at.weights()).toEqual([
      [255, 0],
      [255, 0],
    ]);
    expect(await at.marks()).toHaveLength(3);
  });

  test('refuses a stale operator as a whole: no weight changes', async () => {
    await open();
    const stale = await at.claimed(1);
    const later = await at.claimed(2);
    await expect(perform(stale.shift('route-to-target', both(toTarget)))).rejects.toThrow(StaleEpochError);
    await expect(perform(at.routing().claim(1))).rejects.toThrow(/counted a change batch of epoch 2/);
    expect(await at.weights()).toEqual([
      [255, 0],
      [255, 0],
    ]);
    expect(await perform(later.shift('route-to-target', both(toTarget)))).toBe('applied');
  });

  test('claims past the last batch of an operator who was taken over, and past ten', async () => {
    await open();
    const first = await at.claimed(1);
    for (let i = 0; i < 6; i += 1) {
      await perform(first.shift('route-to-target', both(toTarget)));
      await perform(first.shift('route-back', both(toSource)));
    }
    const second = at.routing();
    const claim = second.claim(2);
    const { client } = await at.place.clients.route53();
    // The old operator's batch comes in between the reading of the numbers and the claim.
    let late: Promise<unknown> | undefined;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'ChangeResourceRecordSetsCommand' && !late) {
          late = perform(first.shift('route-to-target', both(toTarget)));
          await late;
        }
        return next(args);
      },
      { step: 'initialize', name: 'late', priority: 'high' },
    );
    expect(await perform(claim)).toBe('applied');
    client.middlewareStack.remove('late');
    expect((await at.marks()).filter((mark) => mark.startsWith('_cutover-15.'))).toEqual([
      `_cutover-15.${writeName}. "2.15.…"`,
    ]);
    await expect(perform(first.shift('route-back', both(toSource)))).rejects.toThrow(StaleEpochError);
  });

  test('passes on a refusal that has another reason, and takes no number for it', async () => {
    await open();
    const runs = await at.claimed(1);
    const refused = {
      kind: 'refuse',
      service: 'route53',
      operation: 'ChangeResourceRecordSets',
      count: 1,
      status: 400,
    } as const;
    at.place.endpoint.addFault({ ...refused, code: 'InvalidChangeBatch' });
    await expect(perform(runs.shift('route-to-target', both(toTarget)))).rejects.toMatchObject({
      name: 'InvalidChangeBatch',
      message: expect.stringContaining('Route53 ChangeResourceRecordSets') as string,
    });
    expect(await perform(runs.shift('route-to-target', both(toTarget)))).toBe('applied');
    expect(await at.marks()).toHaveLength(2);
  });

  test('sends nothing without a claim', async () => {
    await open();
    await expect(perform(at.routing().shift('route-to-target', both(toTarget)))).rejects.toThrow('without a claim');
    expect(await at.marks()).toEqual([]);
  });

  test('refuses a third record that takes a share, a missing pair, and a record that points elsewhere', async () => {
    await open([
      weighted(writeName, 'source', 9, { SetIdentifier: 'canary' }),
      weighted('half.rehearsal.internal', 'source', 255),
    ]);
    const found: unknown = await at
      .routing()
      .read(noSignal)
      .catch((error: unknown) => error);
    expect(found).toBeInstanceOf(UsageError);
    expect((found as UsageError).message).toContain('"canary" with weight 9');

    const [first] = routing.records;
    if (!first) throw new Error('no record');
    const one = (change: Partial<typeof first>) => at.routing({ records: [{ ...first, ...change }] });
    const half = one({ name: 'half.rehearsal.internal' });
    expect(await half.read(noSignal)).toMatchObject([{ hasHealthCheck: false }]);
    await perform(half.claim(1));
    await expect(perform(half.shift('shift', new Map([['half.rehearsal.internal', toTarget]])))).rejects.toThrow(
      /has no weighted records/,
    );
    const elsewhere = one({ name: readName, kind: 'read', target: { ...first.target, value: 'other.example.com' } });
    await perform(elsewhere.claim(1));
    await expect(perform(elsewhere.shift('shift', new Map([[readName, toTarget]])))).rejects.toThrow(
      /points to billing-target.databases.rehearsal.internal, the manifest says other.example.com/,
    );
  });

  test('refuses to read a counter that no runbook wrote', async () => {
    await open();
    const { client } = await at.place.clients.route53();
    const set = {
      Name: `_cutover-4.${writeName}`,
      Type: 'TXT' as const,
      TTL: 5,
      ResourceRecords: [{ Value: '"hello"' }],
    };
    const ChangeBatch = { Changes: [{ Action: 'CREATE' as const, ResourceRecordSet: set }] };
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch }));
    await expect(perform(at.routing().claim(1))).rejects.toThrow(/holds "hello"; expected is "epoch.number.nonce"/);
  });
});
