import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeReplicationTasksCommand,
  DescribeTableStatisticsCommand,
  StartReplicationTaskCommand,
} from '@aws-sdk/client-database-migration-service';
import { ChangeResourceRecordSetsCommand, GetChangeCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import type { LoggedCall } from '../../../rehearsal/aws-endpoint/request-log';
import { dmsSeed, forwardArn } from './dms-seed';
import { ScriptedReplicator } from './scripted-replicator';
import { clientOf, clients, eventually, startEndpoint } from './running-endpoint';

describe('faults and the request log', () => {
  let folder: string;
  let endpoint: AwsEndpoint;
  const made: { destroy(): void }[] = [];
  const patient = <C extends { destroy(): void }>(Client: new (configuration: never) => C): C => {
    const instance = clientOf(Client, endpoint, 3);
    made.push(instance);
    return instance;
  };
  const log = (): LoggedCall[] => {
    const lines = readFileSync(join(folder, 'requests.ndjson'), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as LoggedCall);
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'aws-endpoint-'));
    endpoint = await startEndpoint({
      ...dmsSeed(),
      metricPeriodSeconds: 86_400,
      requestLogFile: join(folder, 'requests.ndjson'),
      buckets: ['journal'],
      parameters: [{ name: '/weight', value: '255' }],
      topics: ['arn:aws:sns:eu-central-1:123456789012:t'],
      route53: { zones: [{ id: 'Z1', name: 'rehearsal.internal' }] },
    });
  });
  afterEach(async () => {
    for (const each of made.splice(0)) each.destroy();
    await endpoint.close();
    rmSync(folder, { recursive: true });
  });

  test('expired credentials are refused by every service in its own words, until the next sign-in', async () => {
    endpoint.addFault({ kind: 'credentials-expired', active: true });
    const refused = async (call: Promise<unknown>) => (await call.catch((error: Error) => error.name)) as string;
    const read = () => patient(SSMClient).send(new GetParameterCommand({ Name: '/weight' }));
    expect(await refused(read())).toBe('ExpiredTokenException');
    expect(await refused(patient(S3Client).send(new GetObjectCommand({ Bucket: 'journal', Key: 'a' })))).toBe(
      'ExpiredToken',
    );
    expect(await refused(patient(Route53Client).send(new GetChangeCommand({ Id: 'C1' })))).toBe('ExpiredToken');
    endpoint.addFault({ kind: 'credentials-expired', active: false });
    expect((await read()).Parameter?.Value).toBe('255');
  });

  test('a throttled call is tried again by the SDK and then succeeds', async () => {
    endpoint.addFault({ kind: 'throttle', operation: 'GetParameter', count: 2 });
    const { $metadata } = await patient(SSMClient).send(new GetParameterCommand({ Name: '/weight' }));
    expect($metadata.attempts).toBe(3);
    expect(log().map(({ status, errorCode }) => [status, errorCode])).toEqual([
      [400, 'ThrottlingException'],
      [400, 'ThrottlingException'],
      [200, undefined],
    ]);
  });

  test.each(['error', 'reset'] as const)(
    'a write whose answer is lost (%s) comes back as a refusal of itself',
    async (manner) => {
      endpoint.addFault({ kind: 'answer-lost', operation: 'PutObject', count: 1, manner });
      const s3 = patient(S3Client);
      const put = s3.send(new PutObjectCommand({ Bucket: 'journal', Key: '1', Body: 'mine', IfNoneMatch: '*' }));
      await expect(put).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { attempts: 2 } });
      const read = await s3.send(new GetObjectCommand({ Bucket: 'journal', Key: '1' }));
      expect(await read.Body?.transformToString()).toBe('mine');
      expect(log().map(({ fault }) => fault)).toEqual([`answer lost: ${manner}`, undefined, undefined]);
    },
  );

  test('a change batch whose answer is lost comes back as InvalidChangeBatch', async () => {
    endpoint.addFault({
      kind: 'answer-lost',
      service: 'route53',
      operation: 'ChangeResourceRecordSets',
      count: 1,
      manner: 'reset',
    });
    const set = { Name: 't.rehearsal.internal', Type: 'TXT' as const, TTL: 1, ResourceRecords: [{ Value: '"1.1.n"' }] };
    const batch = {
      HostedZoneId: 'Z1',
      ChangeBatch: { Changes: [{ Action: 'CREATE' as const, ResourceRecordSet: set }] },
    };
    await expect(patient(Route53Client).send(new ChangeResourceRecordSetsCommand(batch))).rejects.toMatchObject({
      name: 'InvalidChangeBatch',
      $metadata: { attempts: 2 },
    });
  });

  test('a refused call has no effect', async () => {
    const ssm = clients.ssm(endpoint);
    made.push(ssm);
    endpoint.addFault({
      kind: 'refuse',
      operation: 'PutParameter',
      count: 1,
      code: 'AccessDeniedException',
      status: 400,
    });
    const put = new PutParameterCommand({ Name: '/weight', Value: '0', Overwrite: true });
    await expect(ssm.send(put)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect((await ssm.send(new GetParameterCommand({ Name: '/weight' }))).Parameter?.Value).toBe('255');
  });

  test('a change can be kept from ever being in sync', async () => {
    endpoint.addFault({ kind: 'never-insync', active: true });
    const client = patient(Route53Client);
    const set = { Name: 't.rehearsal.internal', Type: 'TXT' as const, TTL: 1, ResourceRecords: [{ Value: '"x"' }] };
    const batch = {
      HostedZoneId: 'Z1',
      ChangeBatch: { Changes: [{ Action: 'CREATE' as const, ResourceRecordSet: set }] },
    };
    const { ChangeInfo } = await client.send(new ChangeResourceRecordSetsCommand(batch));
    const status = async () => (await client.send(new GetChangeCommand({ Id: ChangeInfo?.Id }))).ChangeInfo?.Status;
    expect(await status()).toBe('PENDING');
    endpoint.addFault({ kind: 'never-insync', active: false });
    expect(await status()).toBe('INSYNC');
  });

  test('a task can fail to start, a table can break, and the replicator hears its own faults', async () => {
    const dms = clients.dms(endpoint);
    made.push(dms);
    const replicator = await ScriptedReplicator.connect(endpoint);
    const status = async () => (await dms.send(new DescribeReplicationTasksCommand({}))).ReplicationTasks?.[1]?.Status;
    const start = (StartReplicationTaskType: 'start-replication' | 'resume-processing') =>
      dms.send(new StartReplicationTaskCommand({ ReplicationTaskArn: forwardArn, StartReplicationTaskType }));
    endpoint.addFault({ kind: 'task-start-fails', taskArn: forwardArn, count: 1, message: 'Last Error no room' });
    await start('start-replication');
    await eventually(status, (now) => now === 'failed');
    await start('resume-processing');
    expect((await replicator.next('start')).task.startType).toBe('resume-processing');

    replicator.say({
      type: 'statistics',
      taskArn: forwardArn,
      tables: [{ schema: 'public', table: 'invoice', state: 'Table completed' }],
    });
    endpoint.addFault({
      kind: 'table-state',
      taskArn: forwardArn,
      schema: 'public',
      table: 'invoice',
      state: 'Table error',
    });
    const tables = () => dms.send(new DescribeTableStatisticsCommand({ ReplicationTaskArn: forwardArn }));
    const shown = await eventually(tables, ({ TableStatistics }) => TableStatistics?.length === 1);
    expect(shown.TableStatistics?.[0]?.TableState).toBe('Table error');

    endpoint.addFault({ kind: 'replicator', fault: { drop: 3 } });
    expect((await replicator.next('fault')).fault).toEqual({ drop: 3 });
    replicator.close();
  });

  test('metrics can fall silent, or go on with an old figure', async () => {
    const dms = clients.dms(endpoint);
    const cloudWatch = clients.cloudWatch(endpoint);
    made.push(dms, cloudWatch);
    const replicator = await ScriptedReplicator.connect(endpoint);
    const task = async () => (await dms.send(new DescribeReplicationTasksCommand({}))).ReplicationTasks?.[1];
    // Periods that are over, so that no real one falls into them.
    const hour = 3_600_000;
    const first = Math.floor(Date.now() / hour) * hour - 10 * hour;
    const close = async (period: number, latency: number) => {
      replicator.say({
        type: 'metrics',
        taskArn: forwardArn,
        sourceLatencySeconds: latency,
        targetLatencySeconds: 0,
        incomingChanges: 0,
      });
      replicator.say({ type: 'statistics', taskArn: forwardArn, tables: [], fullLoadProgressPercent: period });
      await eventually(task, (now) => now?.ReplicationTaskStats?.FullLoadProgressPercent === period);
      endpoint.closeMetricPeriod(new Date(first + period * hour));
    };
    await dms.send(
      new StartReplicationTaskCommand({
        ReplicationTaskArn: forwardArn,
        StartReplicationTaskType: 'start-replication',
      }),
    );
    await replicator.next('start');
    replicator.say({ type: 'status', taskArn: forwardArn, status: 'running' });
    await eventually(task, (now) => now?.Status === 'running');
    await close(1, 5);
    endpoint.addFault({ kind: 'metrics', mode: 'absent' });
    await close(2, 60);
    endpoint.addFault({ kind: 'metrics', mode: 'frozen' });
    await close(3, 60);
    endpoint.addFault({ kind: 'metrics', mode: 'normal' });
    await close(4, 60);

    const Dimensions = [
      { Name: 'ReplicationInstanceIdentifier', Value: 'billing-replication' },
      { Name: 'ReplicationTaskIdentifier', Value: 'FORWARD' },
    ];
    const range = {
      StartTime: new Date(first),
      EndTime: new Date(first + 9 * hour),
      Period: 3600,
      Statistics: ['Maximum' as const],
    };
    const query = new GetMetricStatisticsCommand({
      Namespace: 'AWS/DMS',
      MetricName: 'CDCLatencySource',
      Dimensions,
      ...range,
    });
    const { Datapoints } = await cloudWatch.send(query);
    expect(
      Datapoints?.map(({ Timestamp, Maximum }) => [((Timestamp?.getTime() ?? 0) - first) / hour, Maximum]),
    ).toEqual([
      [1, 5],
      [3, 5],
      [4, 60],
    ]);
    replicator.close();
  });

  test('the log says who changed what, and no secret', async () => {
    const ssm = patient(SSMClient);
    await ssm.send(new PutParameterCommand({ Name: '/secure', Value: 'hush', Type: 'SecureString' }));
    await ssm.send(new PutParameterCommand({ Name: '/weight', Value: '0', Overwrite: true }));
    const TopicArn = 'arn:aws:sns:eu-central-1:123456789012:t';
    await patient(SNSClient).send(
      new PublishCommand({ TopicArn, Subject: 'rollback possible', Message: 'until noon' }),
    );
    await ssm.send(new GetParameterCommand({ Name: '/weight' }));
    expect(log()).toMatchObject([
      {
        service: 'ssm',
        operation: 'PutParameter',
        accessKeyId: 'AKIAOPERATOR',
        userAgent: expect.stringContaining('aws-sdk-js') as string,
      },
      { input: { Name: '/weight', Value: '0' } },
      { service: 'sns', operation: 'Publish', input: { Subject: 'rollback possible', Message: 'until noon' } },
      { operation: 'GetParameter', status: 200 },
    ]);
    expect(log()[3]).not.toHaveProperty('input');
    expect(readFileSync(join(folder, 'requests.ndjson'), 'utf8')).not.toContain('hush');
  });
});
