import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeReplicationTasksCommand,
  DescribeTableStatisticsCommand,
  StartReplicationTaskCommand,
} from '@aws-sdk/client-database-migration-service';
import { runCommandLine } from '../../cli/program';
import { buildManifest } from '../../definition/manifest/build';
import { sectionPath } from '../../definition/manifest/parameter-paths';
import type { Manifest, SectionName } from '../../definition/manifest/sections';
import { development } from '../../environments/development';
import type { AwsEndpoint } from '../../rehearsal/aws-endpoint/endpoint';
import { connect } from '../../runbooks/adapters/connect';
import { connectReplication } from '../../runbooks/adapters/connect-replication';
import { sampleFacts } from '../definition/sample-facts';
import { dmsSeed, forwardArn, instanceArn, loadArn } from '../rehearsal/aws-endpoint/dms-seed';
import { account, clients, eventually, startEndpoint } from '../rehearsal/aws-endpoint/running-endpoint';
import { ScriptedReplicator } from '../rehearsal/aws-endpoint/scripted-replicator';
import { pointTo, routing, routingSeed } from '../runbooks/adapters/aws/aws-place';

type Line = Record<string, unknown>;
const task = (arn: string) => ({ arn, identifier: arn.split(':').at(-1)!.toLowerCase() });
const counters = {
  inserts: 0,
  updates: 0,
  deletes: 0,
  ddls: 0,
  appliedInserts: 0,
  appliedUpdates: 0,
  appliedDeletes: 0,
};

/** The migration of an Oracle database: deployed, replicated, and none of the runbooks' own. */
describe('a check where the runbooks do not speak to the source', () => {
  let endpoint: AwsEndpoint;
  let replicator: ScriptedReplicator;
  afterEach(async () => {
    jest.restoreAllMocks();
    replicator.close();
    await endpoint.close();
  });

  async function open(waivers: Manifest['tables']['waivers'] = []): Promise<void> {
    const manifest = buildManifest({ ...development, account }, 'billing', sampleFacts) as Manifest;
    manifest.databases.source.engine = 'oracle';
    const sections = {
      ...manifest,
      routing,
      tables: { ...manifest.tables, waivers },
      gates: { ...manifest.gates, alarmNames: ['billing'] },
      replication: {
        ...manifest.replication,
        instanceArn,
        load: task(loadArn),
        forward: task(forwardArn),
        reverse: task(forwardArn),
      },
    };
    const seed = routingSeed();
    endpoint = await startEndpoint({
      ...seed,
      ...dmsSeed(),
      metricPeriodSeconds: 3600,
      alarms: [{ name: 'billing', state: 'OK' }],
      parameters: [
        ...(seed.parameters ?? []),
        ...Object.entries(sections).map(([name, section]) => ({
          name: sectionPath('development', 'billing', name as SectionName),
          value: JSON.stringify(section),
        })),
      ],
    });
    pointTo(endpoint.url);
    replicator = await ScriptedReplicator.connect(endpoint);
  }

  async function type(
    verb: string,
    ...more: string[]
  ): Promise<{ exitCode: number; events: Line[]; codes: unknown[] }> {
    const written: string[] = [];
    const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const operator = { name: 'ada@host', isInteractive: false, ask: async () => '' };
    const exitCode = await runCommandLine([verb, 'billing', '--environment', 'development', '--json', ...more], {
      connect,
      connectReplication,
      operator,
    });
    spy.mockRestore();
    const events = written.map((text) => JSON.parse(text) as Line);
    return { exitCode, events, codes: events.filter((each) => each['type'] === 'message').map(({ code }) => code) };
  }

  /** The load runs, has loaded its table, and has published a latency of so many seconds. */
  async function replicate(latencySeconds: number): Promise<void> {
    const client = clients.dms(endpoint);
    const start = { ReplicationTaskArn: loadArn, StartReplicationTaskType: 'start-replication' } as const;
    await client.send(new StartReplicationTaskCommand(start));
    await replicator.next('start');
    replicator.say({ type: 'status', taskArn: loadArn, status: 'running' });
    replicator.say({
      type: 'metrics',
      taskArn: loadArn,
      sourceLatencySeconds: latencySeconds,
      targetLatencySeconds: 0,
      incomingChanges: 0,
    });
    const table = { ...counters, schema: 'billing', table: 'invoice', state: 'Table completed', fullLoadRows: 1 };
    replicator.say({ type: 'statistics', taskArn: loadArn, tables: [table], fullLoadProgressPercent: 100 });
    await eventually(
      () => client.send(new DescribeTableStatisticsCommand({ ReplicationTaskArn: loadArn })),
      ({ TableStatistics }) => TableStatistics?.length === 1,
    );
    endpoint.closeMetricPeriod(new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60_000));
  }

  it('says that DMS and AWS alone are asked, and is content when they are', async () => {
    await open([{ table: 'billing.%', check: 'unverified', reason: 'compared by hand' }]);
    await replicate(1);
    const { exitCode, events, codes } = await type('check');
    expect([exitCode, codes]).toEqual([0, ['dms-gates-only']]);
    const gates = events.filter((each) => each['type'] === 'gate');
    expect(gates.map(({ title, answer }) => [title, answer])).toEqual([
      ['Replication forward is running', 'yes'],
      ['Every table is replicated', 'yes'],
      ['DMS says that it is not behind', 'yes'],
      ['DMS has compared every row', 'yes'],
      ['No alarm rings', 'yes'],
      ['The weights are what the state says', 'yes'],
      ['No write record has a health check', 'yes'],
      ['No stack update is in progress', 'yes'],
    ]);
    expect(events.at(-1)).toMatchObject({ next: 'cutover check billing --environment development' });
  });

  it('refuses with every reason that they give', async () => {
    await open();
    expect(await type('check')).toMatchObject({ exitCode: 3, codes: ['dms-gates-only', 'task-not-running'] });
    await replicate(500);
    await clients
      .cloudWatch(endpoint)
      .send(new SetAlarmStateCommand({ AlarmName: 'billing', StateValue: 'ALARM', StateReason: 'test' }));
    const { exitCode, events, codes } = await type('check');
    expect([exitCode, codes]).toEqual([3, ['dms-gates-only', 'lag-too-high', 'not-validated', 'alarm']]);
    expect(events.find(({ code }) => code === 'not-validated')?.['text']).toMatch(/billing\.invoice: Not enabled/);
  });

  it('refuses for what it could not ask, and asks the rest', async () => {
    await open([{ table: 'billing.%', check: 'unverified', reason: 'compared by hand' }]);
    await replicate(1);
    const [code, status] = ['AccessDenied', 403];
    endpoint.addFault({ kind: 'refuse', operation: 'DescribeAlarms', code, status, count: 1 });
    const { exitCode, events, codes } = await type('check');
    expect([exitCode, codes]).toEqual([3, ['dms-gates-only', 'gate-not-asked']]);
    const answers = events.filter((each) => each['type'] === 'gate').map(({ answer }) => answer);
    expect(answers).toEqual(['yes', 'yes', 'yes', 'yes', 'no', 'yes', 'yes', 'yes']);
    const told = String(events.find((each) => each['code'] === 'gate-not-asked')?.['text']);
    expect(told).toMatch(/^“No alarm rings” could not be asked: CloudWatch DescribeAlarms .*access denied/);
  });

  it('says why a task has failed', async () => {
    await open();
    await replicate(1);
    const message = 'Last Error the binlog is gone; Stop Reason FATAL_ERROR';
    replicator.say({ type: 'status', taskArn: loadArn, status: 'failed', message });
    await eventually(
      () => clients.dms(endpoint).send(new DescribeReplicationTasksCommand({})),
      ({ ReplicationTasks }) => ReplicationTasks?.some(({ Status }) => Status === 'failed') ?? false,
    );
    const { events } = await type('check');
    expect(events.find(({ code }) => code === 'task-not-running')?.['text']).toContain(`is failed (${message})`);
  });

  it('is no verdict on silence: a task that publishes nothing is refused', async () => {
    await open([{ table: 'billing.invoice', check: 'unverified', reason: 'compared by hand' }]);
    await replicate(1);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    expect(await type('check')).toMatchObject({ exitCode: 3, codes: ['dms-gates-only', 'lag-metric-silent'] });
  });

  it.each(['start', 'switch', 'roll-back', 'resume'])('%s refuses before anything is changed', async (verb) => {
    await open();
    const { exitCode, codes } = await type(verb, '--execute', '--confirm', 'development');
    expect([exitCode, codes]).toEqual([2, ['engine-not-supported']]);
  });
});
