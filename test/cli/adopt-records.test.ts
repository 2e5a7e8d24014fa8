import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type Change,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { runCommandLine } from '../../cli/program';
import { buildManifest } from '../../definition/manifest/build';
import { sectionPath } from '../../definition/manifest/parameter-paths';
import type { Manifest, SectionName } from '../../definition/manifest/sections';
import { development } from '../../environments/development';
import type { AwsEndpoint } from '../../rehearsal/aws-endpoint/endpoint';
import { connectAdoption } from '../../runbooks/adapters/connect-adoption';
import { sampleFacts } from '../definition/sample-facts';
import { account, clients, startEndpoint } from '../rehearsal/aws-endpoint/running-endpoint';
import { bucket, pointTo, readName, routing, weighted, writeName, zoneId } from '../runbooks/adapters/aws/aws-place';

type Line = Record<string, unknown>;

const source = 'billing-source.databases.rehearsal.internal';
const simple = (name: string, more: Partial<ResourceRecordSet> = {}): ResourceRecordSet => ({
  Name: name,
  Type: 'CNAME',
  TTL: 300,
  ResourceRecords: [{ Value: `${source}.` }],
  ...more,
});
const pair = (name: string) => [weighted(name, 'source', 255), weighted(name, 'target', 0)];
const adopted = (name: string, more: Partial<ResourceRecordSet> = {}) =>
  simple(name, { TTL: 5, SetIdentifier: 'cutover-before', Weight: 255, ...more });

/** The manifest is deployed, the routing is not; the zone holds what it held before. */
describe('adopting records', () => {
  let endpoint: AwsEndpoint;
  afterEach(async () => {
    jest.restoreAllMocks();
    await endpoint.close();
  });

  async function open(records: ResourceRecordSet[]): Promise<void> {
    const manifest = buildManifest({ ...development, account }, 'billing', {
      ...sampleFacts,
      journalBucket: bucket,
    }) as Manifest;
    const parameters = Object.entries({ ...manifest, routing }).map(([name, section]) => ({
      name: sectionPath('development', 'billing', name as SectionName),
      value: JSON.stringify(section),
    }));
    const zones = [{ id: zoneId, name: 'rehearsal.internal', records }];
    endpoint = await startEndpoint({ buckets: [bucket], parameters, route53: { zones } });
    pointTo(endpoint.url);
  }

  async function type(...options: string[]): Promise<{ exitCode: number; events: Line[]; last: Line }> {
    const written: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const operator = { name: 'ada@host', isInteractive: false, ask: async () => '' };
    const connect = () => Promise.reject(new Error('no database is asked'));
    const exitCode = await runCommandLine(
      ['adopt-records', 'billing', '--environment', 'development', '--json', ...options],
      { connect, connectAdoption, operator },
    );
    spy.mockRestore();
    const events = written.map((text) => JSON.parse(text) as Line);
    return { exitCode, events, last: events.at(-1) ?? {} };
  }
  const act = () => type('--execute', '--confirm', 'development');

  /** What stands at each name, in the order of the zone. */
  async function zone(): Promise<string[]> {
    const { ResourceRecordSets = [] } = await clients
      .route53(endpoint)
      .send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    return ResourceRecordSets.filter(({ Type }) => Type === 'CNAME').map(
      ({ Name, TTL, SetIdentifier = 'simple', Weight = '' }) => `${Name} ${TTL} ${SetIdentifier} ${Weight}`.trim(),
    );
  }

  /** As CloudFormation does: one record, one batch, created. */
  async function deploy(...sets: ResourceRecordSet[]): Promise<void> {
    for (const ResourceRecordSet of sets) {
      const ChangeBatch = { Changes: [{ Action: 'CREATE', ResourceRecordSet } satisfies Change] };
      await clients.route53(endpoint).send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch }));
    }
  }

  async function journal(): Promise<Line[]> {
    const s3 = clients.s3(endpoint);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'journal/' }));
    const texts = Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return JSON.parse((await Body?.transformToString()) ?? '{}') as Line;
    });
    return Promise.all(texts);
  }

  it('leads from simple records to the pairs of a deploy, in two changes that no answer notices', async () => {
    await open([simple(writeName), simple(readName, { TTL: 60 })]);
    await expect(deploy(...pair(writeName))).rejects.toThrow(/differently routed/);

    const plan = await type();
    expect([plan.exitCode, plan.last['next']]).toEqual([
      0,
      'cutover adopt-records billing --environment development --execute',
    ]);
    expect(plan.events.filter((event) => event['type'] === 'plan.step').map((event) => event['title'])).toEqual([
      expect.stringMatching(/^billing-db\.rehearsal.* TTL of 300 s becomes 5 s$/),
      expect.stringMatching(/^billing-db-read\.rehearsal.* TTL of 60 s becomes 5 s$/),
    ]);
    expect(await zone()).toEqual([`${writeName}. 300 simple`, `${readName}. 60 simple`]);

    const first = await act();
    expect([first.exitCode, first.last['next']]).toEqual([0, 'npx cdk deploy development/billing-routing']);
    expect(await zone()).toEqual([`${writeName}. 5 cutover-before 255`, `${readName}. 5 cutover-before 255`]);
    const again = await act();
    expect([again.exitCode, again.last['next']]).toEqual([0, first.last['next']]);

    await deploy(...pair(writeName), ...pair(readName));
    const second = await act();
    expect([second.exitCode, second.last['next']]).toEqual([0, 'cutover check billing --environment development']);
    const settled = [writeName, readName].flatMap((name) => [
      `${name}. 5 billing-source 255`,
      `${name}. 5 billing-target 0`,
    ]);
    expect(await zone()).toEqual(settled);
    expect((await act()).exitCode).toBe(0);
    expect(await zone()).toEqual(settled);

    const effects = (await journal()).filter((record) => record['type'] === 'effect.outcome');
    expect(effects.map(({ effect, outcome, actor }) => [effect, outcome, actor])).toEqual([
      ['adopt-records', 'applied', 'ada@host'],
      ['remove-adopted-records', 'applied', 'ada@host'],
    ]);
  });

  it('takes a lost answer for what it was', async () => {
    await open([simple(writeName), ...pair(readName)]);
    const lost = { kind: 'answer-lost', service: 'route53', operation: 'ChangeResourceRecordSets' } as const;
    endpoint.addFault({ ...lost, count: 1, manner: 'reset' });
    expect((await act()).exitCode).toBe(0);
    expect(await zone()).toContain(`${writeName}. 5 cutover-before 255`);
  });

  test.each<[string, ResourceRecordSet[], RegExp]>([
    [
      'a simple record that answers something else',
      [simple(writeName, { ResourceRecords: [{ Value: 'elsewhere.example.com' }] })],
      /stands as CNAME elsewhere\.example\.com; a simple CNAME of the source/,
    ],
    [
      'an address',
      [simple(writeName, { Type: 'A', ResourceRecords: [{ Value: '10.0.0.1' }] })],
      /stands as A 10\.0\.0\.1/,
    ],
    [
      'a weighted record of somebody else',
      [adopted(writeName, { SetIdentifier: 'blue' })],
      /stands as weighted CNAME billing-source.* \("blue", weight 255\)/,
    ],
    [
      'an adopted record that somebody has pointed elsewhere',
      [adopted(writeName, { ResourceRecords: [{ Value: 'elsewhere.example.com' }] })],
      /adopted record answers elsewhere\.example\.com/,
    ],
    [
      'a pair that already answers with the target',
      [adopted(writeName), weighted(writeName, 'source', 0), weighted(writeName, 'target', 255)],
      /does not answer with the source alone/,
    ],
  ])('refuses %s, and leaves the other record alone as well', async (_what, records, says) => {
    await open([...records, simple(readName)]);
    const before = await zone();
    const run = await act();
    expect([run.exitCode, run.last['next']]).toEqual([3, 'cutover adopt-records billing --environment development']);
    expect(run.events.find((event) => event['code'] === 'record-not-adoptable')?.['text']).toMatch(says);
    expect(await zone()).toEqual(before);
    expect(await journal()).toEqual([]);
  });

  it('is refused while a runbook holds the migration', async () => {
    await open([simple(writeName)]);
    const at = new Date().toISOString();
    const holder = { name: 'bob@host', runId: 'start-1', verb: 'start', takenAt: at, renewedAt: at };
    await clients.s3(endpoint).send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: 'locks/development/billing.json',
        Body: JSON.stringify({ schema: 1, epoch: 1, nonce: 'n', holder }),
      }),
    );
    const run = await act();
    expect([run.exitCode, run.events.at(-2)]).toMatchObject([
      3,
      { code: 'lock-held', text: expect.stringMatching(/^bob@host has been running start/) as string },
    ]);
    expect(await zone()).toEqual([`${writeName}. 300 simple`]);
  });

  it('asks for the environment’s name before it reads anything', async () => {
    await open([]);
    expect((await type('--execute')).events).toEqual([
      expect.objectContaining({ code: 'no-confirmation' }),
      expect.objectContaining({ exitCode: 2 }),
    ]);
    expect((await type('--execute', '--confirm', 'production')).events[0]).toMatchObject({
      code: 'wrong-confirmation',
    });
  });
});
