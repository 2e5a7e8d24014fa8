import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  InvalidParameterValueException,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeReplicationTasksCommand,
  StartReplicationTaskCommand,
} from '@aws-sdk/client-database-migration-service';
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import type { AwsEndpoint } from '../../../rehearsal/aws-endpoint/endpoint';
import { dmsSeed, forwardArn } from './dms-seed';
import { ScriptedReplicator } from './scripted-replicator';
import { clientOf, clients, eventually, startEndpoint } from './running-endpoint';

const day = 86_400_000;

describe('CloudWatch', () => {
  let endpoint: AwsEndpoint;
  let client: CloudWatchClient;
  // A minute that is over, so that no test depends on where in a minute it runs.
  const minute = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 300_000);
  const later = (seconds: number) => new Date(minute.getTime() + seconds * 1000);

  beforeEach(async () => {
    endpoint = await startEndpoint({
      ...dmsSeed(),
      alarms: [{ name: 'billing-latency', state: 'OK' }],
      metricPeriodSeconds: 3600,
    });
    client = clients.cloudWatch(endpoint);
  });
  afterEach(async () => {
    client.destroy();
    await endpoint.close();
  });

  test('answers what was put, by period and statistic', async () => {
    const Dimensions = [{ Name: 'Migration', Value: 'billing' }];
    const datum = (Value: number, seconds: number) => ({
      MetricName: 'Lag',
      Dimensions,
      Value,
      Timestamp: later(seconds),
      Unit: 'Seconds' as const,
    });
    await client.send(
      new PutMetricDataCommand({ Namespace: 'Cutover', MetricData: [datum(1, 0), datum(3, 30), datum(9, 60)] }),
    );
    // Above ten kilobytes the SDK sends the body compressed.
    const many = Array.from({ length: 300 }, (_unused, i) => ({ ...datum(i, 120), MetricName: `Other${i}` }));
    await client.send(new PutMetricDataCommand({ Namespace: 'Cutover', MetricData: many }));

    const range = { StartTime: minute, EndTime: later(120) };
    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        ...range,
        Namespace: 'Cutover',
        MetricName: 'Lag',
        Dimensions,
        Period: 60,
        Statistics: ['Maximum', 'Average', 'SampleCount'],
      }),
    );
    expect(Datapoints).toEqual([
      { Timestamp: minute, Maximum: 3, Average: 2, SampleCount: 2, Unit: 'Seconds' },
      { Timestamp: later(60), Maximum: 9, Average: 9, SampleCount: 1, Unit: 'Seconds' },
    ]);
    const query = (Stat: string) => ({
      Id: 'lag',
      MetricStat: { Metric: { Namespace: 'Cutover', MetricName: 'Lag', Dimensions }, Period: 60, Stat },
    });
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({ ...range, MetricDataQueries: [query('Sum')] }),
    );
    expect(MetricDataResults).toMatchObject([
      { Id: 'lag', StatusCode: 'Complete', Values: [9, 4], Timestamps: [later(60), minute] },
    ]);
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'Cutover', MetricName: 'Other299' }));
    expect(Metrics).toEqual([{ Namespace: 'Cutover', MetricName: 'Other299', Dimensions }]);
    await expect(
      client.send(new GetMetricDataCommand({ ...range, MetricDataQueries: [{ Id: 'x', Expression: 'm1+1' }] })),
    ).rejects.toThrow('Metric math');
  });

  test.each([
    ['JSON', AwsJson1_0Protocol],
    ['CBOR', AwsSmithyRpcV2CborProtocol],
    ['Query', AwsQueryProtocol],
  ])('speaks %s', async (_format, protocol) => {
    const speaker = clientOf(CloudWatchClient, endpoint, 1, { protocol });
    const MetricData = [{ MetricName: 'Lag', Values: [1, 2.5], Timestamp: minute }];
    await speaker.send(new PutMetricDataCommand({ Namespace: 'Cutover', MetricData }));
    const range = { StartTime: minute, EndTime: later(60), Period: 60, Statistics: ['Sum' as const] };
    const ask = (more: object) =>
      speaker.send(new GetMetricStatisticsCommand({ Namespace: 'Cutover', MetricName: 'Lag', ...range, ...more }));
    expect((await ask({})).Datapoints).toEqual([{ Timestamp: minute, Sum: 3.5, Unit: 'None' }]);
    await expect(ask({ Period: 7 })).rejects.toBeInstanceOf(InvalidParameterValueException);
    speaker.destroy();
  });

  test('does not mix metrics whose dimensions differ', async () => {
    const metric = {
      Namespace: 'Cutover',
      MetricName: 'Lag',
      StartTime: minute,
      EndTime: later(60),
      Period: 60,
      Statistics: ['Sum' as const],
    };
    const MetricData = [{ MetricName: 'Lag', Dimensions: [{ Name: 'a', Value: '1' }], Value: 1, Timestamp: minute }];
    await client.send(new PutMetricDataCommand({ Namespace: 'Cutover', MetricData }));
    expect((await client.send(new GetMetricStatisticsCommand(metric))).Datapoints).toEqual([]);
  });

  test('publishes the latencies of a running task once a period, and silence is silence', async () => {
    const dms = clients.dms(endpoint);
    const replicator = await ScriptedReplicator.connect(endpoint);
    const status = async () => (await dms.send(new DescribeReplicationTasksCommand({}))).ReplicationTasks?.[1]?.Status;
    const say = (sourceLatencySeconds: number, incomingChanges: number) =>
      replicator.say({
        type: 'metrics',
        taskArn: forwardArn,
        sourceLatencySeconds,
        targetLatencySeconds: 1,
        incomingChanges,
      });
    const figures = async (MetricName: string) => {
      const Dimensions = [
        { Name: 'ReplicationTaskIdentifier', Value: 'FORWARD' },
        { Name: 'ReplicationInstanceIdentifier', Value: 'billing-replication' },
      ];
      const input = {
        Namespace: 'AWS/DMS',
        MetricName,
        Dimensions,
        StartTime: minute,
        EndTime: later(300),
        Period: 60,
        Statistics: ['Maximum' as const],
      };
      const { Datapoints } = await client.send(new GetMetricStatisticsCommand(input));
      return Datapoints?.map(({ Timestamp, Maximum }) => [(Timestamp?.getTime() ?? 0) - minute.getTime(), Maximum]);
    };
    // The status travels behind the metrics on the same connection: once it is seen, they are in.
    const settled = (wanted: string) => eventually(status, (now) => now === wanted);

    say(7, 7);
    await dms.send(
      new StartReplicationTaskCommand({
        ReplicationTaskArn: forwardArn,
        StartReplicationTaskType: 'start-replication',
      }),
    );
    await replicator.next('start');
    endpoint.closeMetricPeriod(minute);
    expect(await figures('CDCLatencySource')).toEqual([]);

    replicator.say({ type: 'status', taskArn: forwardArn, status: 'running' });
    await settled('running');
    say(4, 10);
    say(2, 0);
    replicator.say({ type: 'statistics', taskArn: forwardArn, tables: [], fullLoadProgressPercent: 42 });
    const progress = async () =>
      (await dms.send(new DescribeReplicationTasksCommand({}))).ReplicationTasks?.[1]?.ReplicationTaskStats;
    await eventually(progress, (stats) => stats?.FullLoadProgressPercent === 42);
    endpoint.closeMetricPeriod(later(60));
    endpoint.closeMetricPeriod(later(120));
    expect(await figures('CDCLatencySource')).toEqual([[60_000, 4]]);
    expect(await figures('CDCIncomingChanges')).toEqual([[60_000, 10]]);

    say(0, 0);
    replicator.say({ type: 'status', taskArn: forwardArn, status: 'failed' });
    await settled('failed');
    endpoint.closeMetricPeriod(later(180));
    expect(await figures('CDCLatencySource')).toEqual([[60_000, 4]]);
    replicator.close();
    dms.destroy();
  });

  test('lets an alarm follow its metric, and a seeded one its state', async () => {
    const alarm = {
      AlarmName: 'lag',
      Namespace: 'Cutover',
      MetricName: 'Lag',
      Statistic: 'Maximum' as const,
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 10,
      ComparisonOperator: 'GreaterThanThreshold' as const,
    };
    const state = async (name: string) =>
      (await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0]?.StateValue;
    await client.send(new PutMetricAlarmCommand(alarm));
    expect(await state('lag')).toBe('INSUFFICIENT_DATA');
    // Over a whole day it does not matter which minute is evaluated.
    await client.send(
      new PutMetricAlarmCommand({ ...alarm, Period: day / 1000, EvaluationPeriods: 2, DatapointsToAlarm: 1 }),
    );
    const MetricData = [{ MetricName: 'Lag', Value: 11, Timestamp: new Date(Date.now() - day) }];
    await client.send(new PutMetricDataCommand({ Namespace: 'Cutover', MetricData }));
    expect(await state('lag')).toBe('ALARM');

    expect(await state('billing-latency')).toBe('OK');
    await client.send(
      new SetAlarmStateCommand({ AlarmName: 'billing-latency', StateValue: 'ALARM', StateReason: 'test' }),
    );
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ StateValue: 'ALARM' }));
    expect(MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['billing-latency', 'lag']);
  });
});
