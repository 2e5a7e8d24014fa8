import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  InvalidChangeBatch,
  InvalidInput,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  NoSuchChange,
  NoSuchHostedZone,
  PriorRequestNotComplete,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { Change, ListResourceRecordSetsCommandInput, ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import type { ZoneChange } from '../../../rehearsal/name-server/zone-feed';
import { clientOf, clients, startEndpoint } from './running-endpoint';

const zone = 'ZREHEARSAL';

function weighted(side: string, weight: number, ttl = 60): ResourceRecordSet {
  const records = [{ Value: `${side}.databases.rehearsal.internal` }];
  return {
    Name: 'db.rehearsal.internal',
    Type: 'CNAME',
    SetIdentifier: side,
    Weight: weight,
    TTL: ttl,
    ResourceRecords: records,
  };
}

function text(name: string, value: string): ResourceRecordSet {
  return { Name: name, Type: 'TXT', TTL: 1, ResourceRecords: [{ Value: value }] };
}

describe('Route 53', () => {
  let endpoint: AwsEndpoint;
  let client: Route53Client;

  const change = (...changes: [Change['Action'], ResourceRecordSet][]) =>
    client.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zone,
        ChangeBatch: { Changes: changes.map(([Action, set]) => ({ Action, ResourceRecordSet: set })) },
      }),
    );
  const list = async (from?: string): Promise<ResourceRecordSet[]> => {
    const input = { HostedZoneId: zone, StartRecordName: from };
    return (await client.send(new ListResourceRecordSetsCommand(input))).ResourceRecordSets ?? [];
  };
  const weights = async () => {
    const sets = (await list()).filter(({ Type }) => Type === 'CNAME');
    return Object.fromEntries(sets.map(({ SetIdentifier, Weight }) => [SetIdentifier, Weight])) as object;
  };

  beforeEach(async () => {
    const records = [weighted('source', 255), weighted('target', 0)];
    const nameServers = [1, 2].map((port) => ({ host: '127.0.0.1', port }));
    endpoint = await startEndpoint({
      route53: {
        zones: [{ id: zone, name: 'rehearsal.internal', records }],
        nameServers,
        requestsPerSecond: 1000,
        changeProcessingMilliseconds: 0,
      },
    });
    client = clients.route53(endpoint);
  });
  afterEach(async () => {
    client.destroy();
    await endpoint.close();
  });

  test('moves both weights in one batch', async () => {
    const { ChangeInfo } = await change(['UPSERT', weighted('source', 0)], ['UPSERT', weighted('target', 255)]);
    expect(ChangeInfo).toMatchObject({ Status: 'PENDING', Id: expect.stringMatching(/^\/change\/C/) as string });
    expect(await weights()).toEqual({ source: 0, target: 255 });
  });

  test('refuses a batch whole when one of its changes is impossible', async () => {
    await change(['CREATE', text('_cutover-7.db.rehearsal.internal', '"3.7.abc"')]);
    const stale = change(
      ['UPSERT', weighted('source', 0)],
      ['CREATE', text('_cutover-7.db.rehearsal.internal', '"2.7.xyz"')],
      ['DELETE', text('gone.rehearsal.internal', '"x"')],
    );
    const error = await stale.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InvalidChangeBatch);
    expect((error as InvalidChangeBatch).messages).toEqual([
      "Tried to create resource record set [name='_cutover-7.db.rehearsal.internal.', type='TXT'] but it already exists",
      "Tried to delete resource record set [name='gone.rehearsal.internal.', type='TXT'] but it was not found",
    ]);
    expect(await weights()).toEqual({ source: 255, target: 0 });
  });

  test('deletes only what is named exactly', async () => {
    await expect(change(['DELETE', weighted('target', 5)])).rejects.toThrow('do not match the current values');
    await change(['DELETE', weighted('target', 0)]);
    expect(await weights()).toEqual({ source: 255 });
  });

  test.each([
    ['a weight above 255', [['UPSERT', weighted('source', 256)]], InvalidInput, 'less than or equal to 255'],
    ['a weight below 0', [['UPSERT', weighted('source', -1)]], InvalidInput, 'greater than or equal to 0'],
    [
      'a weight without an identifier',
      [['UPSERT', { ...weighted('source', 1), SetIdentifier: undefined }]],
      InvalidInput,
      "Missing field 'SetIdentifier'",
    ],
    [
      'an identifier without a weight',
      [['UPSERT', { ...weighted('source', 1), Weight: undefined }]],
      InvalidInput,
      'Expected exactly one of [Weight',
    ],
    [
      'a record without a TTL',
      [['UPSERT', { ...weighted('source', 1), TTL: undefined }]],
      InvalidInput,
      'but found none',
    ],
    [
      'a name of another zone',
      [['CREATE', text('db.example.com', '"x"')]],
      InvalidChangeBatch,
      'is not permitted in zone',
    ],
    ['text without quotes', [['CREATE', text('t.rehearsal.internal', 'x')]], InvalidChangeBatch, 'quotation marks'],
    [
      'a wrong address',
      [['CREATE', { Name: 'a.rehearsal.internal', Type: 'A', TTL: 1, ResourceRecords: [{ Value: '300.1.1.1' }] }]],
      InvalidChangeBatch,
      'IPv4',
    ],
    [
      'a simple record beside weighted ones',
      [['CREATE', { ...weighted('x', 0), SetIdentifier: undefined, Weight: undefined }]],
      InvalidChangeBatch,
      'differently routed',
    ],
    [
      'another type beside a CNAME',
      [['CREATE', text('db.rehearsal.internal', '"x"')]],
      InvalidChangeBatch,
      'conflicting RRSet',
    ],
    [
      'the same set twice',
      [
        ['UPSERT', weighted('source', 1)],
        ['UPSERT', weighted('source', 2)],
      ],
      InvalidChangeBatch,
      'invalid set of changes',
    ],
  ] as const)('refuses %s', async (_what, changes, type, message) => {
    const refused = change(...(changes as unknown as [Change['Action'], ResourceRecordSet][]));
    const error = await refused.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(type);
    expect((error as Error).message).toContain(message);
    expect(await weights()).toEqual({ source: 255, target: 0 });
  });

  test('gives all sets of a name the TTL that was written last', async () => {
    await change(['UPSERT', weighted('target', 0, 5)]);
    expect((await list()).filter(({ Type }) => Type === 'CNAME').map(({ TTL }) => TTL)).toEqual([5, 5]);
  });

  test('keeps a change pending until every name server has applied it', async () => {
    const heard: ZoneChange[] = [];
    endpoint.zones.subscribe((heardChange) => heard.push(heardChange));
    const first = await change(['UPSERT', weighted('source', 1)]);
    const second = await change(['UPSERT', weighted('source', 2)]);
    const status = async (id: string | undefined) =>
      (await client.send(new GetChangeCommand({ Id: id }))).ChangeInfo?.Status;

    const newest = heard.at(-1);
    expect(newest).toMatchObject({
      zoneName: 'rehearsal.internal.',
      changeId: second.ChangeInfo?.Id?.slice('/change/'.length),
    });
    expect(newest?.records.find(({ SetIdentifier }) => SetIdentifier === 'source')?.Weight).toBe(2);

    endpoint.applied(0, newest?.changeId ?? '');
    expect(await status(second.ChangeInfo?.Id)).toBe('PENDING');
    // The second server has the whole zone with the newest change, so it has the older one as well.
    endpoint.applied(1, newest?.changeId ?? '');
    expect(await status(second.ChangeInfo?.Id)).toBe('INSYNC');
    expect(await status(first.ChangeInfo?.Id)).toBe('INSYNC');
  });

  test('lists by name from the root down, then by type, and pages', async () => {
    const names = ['b.a.rehearsal.internal', 'z.rehearsal.internal', 'a.rehearsal.internal', '*.rehearsal.internal'];
    await change(...names.map((name) => ['CREATE', text(name, '"x"')] as ['CREATE', ResourceRecordSet]));
    await change([
      'CREATE',
      { Name: 'a.rehearsal.internal', Type: 'A', TTL: 1, ResourceRecords: [{ Value: '127.0.0.1' }] },
    ]);
    const seen: string[] = [];
    let from: Partial<ListResourceRecordSetsCommandInput> = {};
    for (let more = true; more;) {
      const page = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone, MaxItems: 2, ...from }));
      seen.push(...(page.ResourceRecordSets ?? []).map(({ Name, Type }) => `${Type} ${Name}`));
      from = {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      };
      more = page.IsTruncated === true;
    }
    expect(seen).toEqual([
      'NS rehearsal.internal.',
      'SOA rehearsal.internal.',
      'TXT \\052.rehearsal.internal.',
      'A a.rehearsal.internal.',
      'TXT a.rehearsal.internal.',
      'TXT b.a.rehearsal.internal.',
      'CNAME db.rehearsal.internal.',
      'CNAME db.rehearsal.internal.',
      'TXT z.rehearsal.internal.',
    ]);
    expect((await list('db.rehearsal.internal')).map(({ SetIdentifier }) => SetIdentifier)).toEqual([
      'source',
      'target',
      undefined,
    ]);
  });

  test('knows its zones by id and name, and says when it does not', async () => {
    const { HostedZones } = await client.send(
      new ListHostedZonesByNameCommand({ DNSName: 'rehearsal.internal', MaxItems: 1 }),
    );
    expect(HostedZones).toEqual([expect.objectContaining({ Id: `/hostedzone/${zone}`, Name: 'rehearsal.internal.' })]);
    const made = await client.send(new CreateHostedZoneCommand({ Name: 'other.internal', CallerReference: '1' }));
    const got = await client.send(new GetHostedZoneCommand({ Id: made.HostedZone?.Id }));
    expect(got.HostedZone).toMatchObject({ Name: 'other.internal.', ResourceRecordSetCount: 2 });
    await expect(client.send(new GetHostedZoneCommand({ Id: 'ZNONE' }))).rejects.toBeInstanceOf(NoSuchHostedZone);
    await expect(client.send(new GetChangeCommand({ Id: 'CNONE' }))).rejects.toBeInstanceOf(NoSuchChange);
  });
});

describe('Route 53 under pressure', () => {
  const batch = new ChangeResourceRecordSetsCommand({
    HostedZoneId: zone,
    ChangeBatch: { Changes: [{ Action: 'UPSERT', ResourceRecordSet: text('t.rehearsal.internal', '"x"') }] },
  });
  const zones = [{ id: zone, name: 'rehearsal.internal' }];

  test('throttles an account that asks more than five times in a second', async () => {
    const endpoint = await startEndpoint({ route53: { zones, requestsPerSecond: 5 } });
    const client = clients.route53(endpoint);
    const startedAt = performance.now();
    const calls = Array.from({ length: 60 }, () => client.send(new GetHostedZoneCommand({ Id: zone })));
    const outcomes = await Promise.allSettled(calls);
    const seconds = (performance.now() - startedAt) / 1000;
    const refused = outcomes.flatMap((call) => (call.status === 'rejected' ? [call.reason as Error] : []));
    expect(outcomes.length - refused.length).toBeLessThanOrEqual(5 + Math.ceil(5 * seconds));
    expect(new Set(refused.map(({ name }) => name))).toEqual(new Set(['Throttling']));
    client.destroy();
    await endpoint.close();
  });

  test('refuses a change of a zone that is still being changed, which the SDK tries again', async () => {
    const endpoint = await startEndpoint({
      route53: { zones, requestsPerSecond: 1000, changeProcessingMilliseconds: 300 },
    });
    const impatient = clients.route53(endpoint);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => impatient.send(batch)));
    const refused = outcomes.flatMap((call) => (call.status === 'rejected' ? [call.reason as Error] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((reason) => reason instanceof PriorRequestNotComplete)).toBe(true);

    const patient = clientOf(Route53Client, endpoint, 10);
    const both = await Promise.all([patient.send(batch), patient.send(batch)]);
    expect(both.map(({ $metadata }) => $metadata.httpStatusCode)).toEqual([200, 200]);
    impatient.destroy();
    patient.destroy();
    await endpoint.close();
  });
});
