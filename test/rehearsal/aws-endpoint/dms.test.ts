import {
  DescribeConnectionsCommand,
  DescribeEndpointsCommand,
  DescribeReplicationInstancesCommand,
  DescribeReplicationTasksCommand,
  DescribeReplicationsCommand,
  DescribeTableStatisticsCommand,
  InvalidResourceStateFault,
  ModifyReplicationTaskCommand,
  ReloadTablesCommand,
  ResourceNotFoundFault,
  StartReplicationCommand,
  StartReplicationTaskCommand,
  StopReplicationTaskCommand,
  TestConnectionCommand,
} from '@aws-sdk/client-database-migration-service';
import type {
  DatabaseMigrationServiceClient,
  ReplicationTask,
  StartReplicationTaskMessage,
} from '@aws-sdk/client-database-migration-service';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { dmsSeed, forwardArn, instanceArn, loadArn, serverlessArn } from './dms-seed';
import { ScriptedReplicator } from './scripted-replicator';
import { clients, eventually, startEndpoint } from './running-endpoint';

describe('a replication task', () => {
  let endpoint: AwsEndpoint;
  let client: DatabaseMigrationServiceClient;
  let replicator: ScriptedReplicator;

  const task = async (arn: string): Promise<ReplicationTask> => {
    const Filters = [{ Name: 'replication-task-arn', Values: [arn] }];
    const { ReplicationTasks } = await client.send(
      new DescribeReplicationTasksCommand({ Filters, WithoutSettings: true }),
    );
    return ReplicationTasks?.[0] ?? {};
  };
  const becomes = (arn: string, status: string) =>
    eventually(
      () => task(arn),
      ({ Status }) => Status === status,
    );
  const start = (
    arn: string,
    type: StartReplicationTaskMessage['StartReplicationTaskType'] = 'start-replication',
    more: Partial<StartReplicationTaskMessage> = {},
  ) =>
    client.send(new StartReplicationTaskCommand({ ReplicationTaskArn: arn, StartReplicationTaskType: type, ...more }));
  const stop = (arn: string) => client.send(new StopReplicationTaskCommand({ ReplicationTaskArn: arn }));
  const run = async (arn: string, ...how: [StartReplicationTaskMessage['StartReplicationTaskType'], object?]) => {
    await start(arn, ...how);
    const order = await replicator.next('start');
    replicator.say({ type: 'status', taskArn: arn, status: 'running' });
    await becomes(arn, 'running');
    return order.task;
  };
  const halt = async (arn: string, checkpoint?: string) => {
    await stop(arn);
    await replicator.next('stop');
    replicator.say({ type: 'status', taskArn: arn, status: 'stopped', recoveryCheckpoint: checkpoint });
    return becomes(arn, 'stopped');
  };

  beforeEach(async () => {
    endpoint = await startEndpoint(dmsSeed());
    client = clients.dms(endpoint);
    replicator = await ScriptedReplicator.connect(endpoint);
  });
  afterEach(async () => {
    replicator.close();
    client.destroy();
    await endpoint.close();
  });

  test('runs only after the replicator says so, and hands it endpoints with their secrets', async () => {
    expect((await start(loadArn)).ReplicationTask?.Status).toBe('starting');
    const order = await replicator.next('start');
    expect(order.task).toMatchObject({
      migrationType: 'full-load-and-cdc',
      startType: 'start-replication',
      source: {
        username: 'cutover_replication',
        password: 'hush',
        slotName: 'cutover_forward',
        tlsServerName: 'source.databases.rehearsal.internal',
      },
    });
    expect((await task(loadArn)).Status).toBe('starting');
    replicator.say({ type: 'status', taskArn: loadArn, status: 'running' });
    expect(await becomes(loadArn, 'running')).not.toHaveProperty('TableMappings');
  });

  test('stops with a checkpoint from which it can go on', async () => {
    await run(loadArn, 'start-replication');
    expect(await halt(loadArn, 'checkpoint:V1#1#0/16B3748')).toMatchObject({
      StopReason: 'Stop Reason NORMAL',
      RecoveryCheckpoint: 'checkpoint:V1#1#0/16B3748',
    });
    expect(await run(loadArn, 'resume-processing')).toMatchObject({ checkpoint: 'checkpoint:V1#1#0/16B3748' });
  });

  test('accepts each way of starting only where DMS does', async () => {
    const wrong = expect.objectContaining({ name: 'InvalidParameterCombinationException' }) as unknown;
    await expect(start(loadArn, 'resume-processing')).rejects.toEqual(wrong);
    await expect(start(loadArn, 'reload-target')).rejects.toEqual(wrong);
    await expect(
      start(forwardArn, 'start-replication', { CdcStartPosition: '0/1', CdcStartTime: new Date() }),
    ).rejects.toEqual(wrong);
    await run(loadArn, 'start-replication');
    await expect(start(loadArn, 'resume-processing')).rejects.toBeInstanceOf(InvalidResourceStateFault);
    await halt(loadArn);
    await expect(start(loadArn, 'start-replication')).rejects.toThrow(
      'valid only for tasks running for the first time',
    );

    expect(await run(forwardArn, 'start-replication', { CdcStartPosition: '0/16B3748' })).toMatchObject({
      cdcStartPosition: '0/16B3748',
    });
    await halt(forwardArn);
    await expect(start(forwardArn, 'start-replication')).rejects.toEqual(wrong);
    await expect(start(forwardArn, 'reload-target')).rejects.toEqual(wrong);
    expect(await run(forwardArn, 'start-replication', { CdcStartPosition: '0/2000000' })).toMatchObject({
      cdcStartPosition: '0/2000000',
    });
  });

  test('is modified and stopped only in the states that allow it', async () => {
    const modify = (settings: string) =>
      client.send(
        new ModifyReplicationTaskCommand({ ReplicationTaskArn: forwardArn, ReplicationTaskSettings: settings }),
      );
    await expect(stop(forwardArn)).rejects.toBeInstanceOf(InvalidResourceStateFault);
    await expect(modify('{')).rejects.toThrow('Unable to parse JSON');
    await modify('{"Logging":{}}');
    expect((await run(forwardArn, 'start-replication')).settings).toBe('{"Logging":{}}');
    await expect(modify('{}')).rejects.toBeInstanceOf(InvalidResourceStateFault);
  });

  test('fails when the replicator does, and when it is lost', async () => {
    await run(loadArn, 'start-replication');
    await run(forwardArn, 'start-replication');
    replicator.say({ type: 'status', taskArn: loadArn, status: 'failed', message: 'Last Error slot is gone' });
    expect(await becomes(loadArn, 'failed')).toMatchObject({
      LastFailureMessage: 'Last Error slot is gone',
      StopReason: 'Stop Reason FATAL_ERROR',
    });
    replicator.close();
    await becomes(forwardArn, 'failed');
    await start(forwardArn, 'resume-processing');
    expect((await becomes(forwardArn, 'failed')).LastFailureMessage).toContain('No replication engine');
  });

  test('shows its tables, with filters and pages', async () => {
    const tables = Array.from({ length: 45 }, (_unused, i) => ({
      schema: 'public',
      table: `t${String(i).padStart(2, '0')}`,
      state: i === 7 ? 'Table error' : 'Table completed',
      inserts: i,
      appliedInserts: i,
      lastUpdateTime: 1_700_000_000,
    }));
    await run(loadArn, 'start-replication');
    replicator.say({ type: 'statistics', taskArn: loadArn, tables, fullLoadProgressPercent: 100 });
    const ask = (more: object) =>
      client.send(new DescribeTableStatisticsCommand({ ReplicationTaskArn: loadArn, ...more }));
    const first = await eventually(
      () => ask({ MaxRecords: 20 }),
      ({ TableStatistics }) => TableStatistics?.length === 20,
    );
    expect(first.TableStatistics?.[3]).toMatchObject({
      TableName: 't03',
      Inserts: 3,
      LastUpdateTime: new Date(1_700_000_000_000),
    });
    const last = await ask({ MaxRecords: 20, Marker: (await ask({ MaxRecords: 20, Marker: first.Marker })).Marker });
    expect([last.TableStatistics?.length, last.Marker]).toEqual([5, undefined]);
    const broken = await ask({ Filters: [{ Name: 'table-state', Values: ['Table error'] }] });
    expect(broken.TableStatistics?.map(({ TableName }) => TableName)).toEqual(['t07']);
    await expect(ask({ MaxRecords: 5 })).rejects.toThrow('must be from 20 to 500');
    expect((await task(loadArn)).ReplicationTaskStats).toMatchObject({
      FullLoadProgressPercent: 100,
      TablesLoaded: 44,
      TablesErrored: 1,
    });

    const TablesToReload = [{ SchemaName: 'public', TableName: 't07' }];
    const reload = new ReloadTablesCommand({ ReplicationTaskArn: loadArn, TablesToReload });
    await expect(client.send(reload)).rejects.toMatchObject({ name: 'NotImplemented' });
    const Unknown = [{ SchemaName: 'public', TableName: 'none' }];
    const unknown = new ReloadTablesCommand({ ReplicationTaskArn: loadArn, TablesToReload: Unknown });
    await expect(client.send(unknown)).rejects.toBeInstanceOf(ResourceNotFoundFault);
    const nowhere = new ReloadTablesCommand({ ReplicationTaskArn: forwardArn, TablesToReload });
    await expect(client.send(nowhere)).rejects.toBeInstanceOf(InvalidResourceStateFault);
  });

  test('is no serverless replication, which takes no position and shows how far its start has come', async () => {
    const replication = async () => {
      const Filters = [{ Name: 'replication-config-id', Values: ['billing-serverless'] }];
      return (await client.send(new DescribeReplicationsCommand({ Filters }))).Replications?.[0];
    };
    expect((await replication())?.Status).toBe('created');
    expect(await task(serverlessArn).catch((error: unknown) => error)).toBeInstanceOf(ResourceNotFoundFault);
    await expect(start(serverlessArn)).rejects.toThrow(ResourceNotFoundFault);
    const startReplication = (more: object) =>
      client.send(
        new StartReplicationCommand({
          ReplicationConfigArn: serverlessArn,
          StartReplicationType: 'start-replication',
          ...more,
        }),
      );
    await expect(startReplication({ CdcStartPosition: '0/1' })).rejects.toThrow(/custom CDC start points/);
    await expect(startReplication({ ReplicationConfigArn: loadArn })).rejects.toThrow(ResourceNotFoundFault);
    expect((await startReplication({})).Replication?.Status).toMatch(/^(initializing|replication_starting)$/);
    await expect(startReplication({})).rejects.toThrow(InvalidResourceStateFault);
    await replicator.next('start');
    replicator.say({ type: 'status', taskArn: serverlessArn, status: 'running' });
    await eventually(replication, (found) => found?.Status === 'running');
  });

  test('cannot be found under another name', async () => {
    await expect(task('arn:aws:dms:nowhere')).rejects.toBeInstanceOf(ResourceNotFoundFault);
    await expect(start('arn:aws:dms:nowhere')).rejects.toBeInstanceOf(ResourceNotFoundFault);
  });

  test('stands beside its instance and endpoints, whose connection is really tried', async () => {
    const { ReplicationInstances } = await client.send(new DescribeReplicationInstancesCommand({}));
    expect(ReplicationInstances).toMatchObject([
      { ReplicationInstanceIdentifier: 'billing-replication', ReplicationInstanceStatus: 'available' },
    ]);
    const Filters = [{ Name: 'endpoint-id', Values: ['source'] }];
    const { Endpoints } = await client.send(new DescribeEndpointsCommand({ Filters }));
    expect(Endpoints).toMatchObject([{ EndpointType: 'source', PostgreSQLSettings: { SlotName: 'cutover_forward' } }]);
    await client.send(
      new TestConnectionCommand({ ReplicationInstanceArn: instanceArn, EndpointArn: Endpoints?.[0]?.EndpointArn }),
    );
    const connections = () => client.send(new DescribeConnectionsCommand({}));
    const tested = await eventually(connections, ({ Connections }) => Connections?.[0]?.Status !== 'testing');
    expect(tested.Connections).toMatchObject([
      { Status: 'failed', LastFailureMessage: expect.stringContaining('ECONNREFUSED') as string },
    ]);
  });
});

describe('a slow replication task', () => {
  test('stays starting and stopping as long as the seed says, even when the replicator is quick', async () => {
    const endpoint = await startEndpoint(dmsSeed({ startSeconds: 0.3, stopSeconds: 0.3 }));
    const client = clients.dms(endpoint);
    const replicator = await ScriptedReplicator.connect(endpoint);
    const status = async () => {
      const { ReplicationTasks } = await client.send(new DescribeReplicationTasksCommand({}));
      return ReplicationTasks?.find(({ ReplicationTaskArn }) => ReplicationTaskArn === forwardArn)?.Status;
    };
    const reach = (wanted: string) => eventually(status, (now) => now === wanted);

    const startedAt = performance.now();
    await client.send(
      new StartReplicationTaskCommand({
        ReplicationTaskArn: forwardArn,
        StartReplicationTaskType: 'start-replication',
      }),
    );
    replicator.say({ type: 'status', taskArn: forwardArn, status: 'starting' });
    await replicator.next('start');
    replicator.say({ type: 'status', taskArn: forwardArn, status: 'running' });
    await reach('running');
    expect(performance.now() - startedAt).toBeGreaterThan(290);

    const stoppedAt = performance.now();
    await client.send(new StopReplicationTaskCommand({ ReplicationTaskArn: forwardArn }));
    await replicator.next('stop');
    replicator.say({ type: 'status', taskArn: forwardArn, status: 'stopped' });
    await reach('stopped');
    expect(performance.now() - stoppedAt).toBeGreaterThan(290);
    replicator.close();
    client.destroy();
    await endpoint.close();
  });
});
