import type { Clock } from '../../ports/clock';
import type { LatencyReading } from '../../ports/replication';
import type { AwsClients } from './clients';
import { during } from './during';

const namespace = 'AWS/DMS';
const metricNames = ['CDCLatencySource', 'CDCLatencyTarget'] as const;
/** How far back a figure is looked for: one that stands still is told from one that never was. */
const periodsBack = 10;

/** The latency metrics of one DMS task. */
export class TaskLatency {
  private readonly options: {
    readonly clients: AwsClients;
    readonly clock: Clock;
    readonly taskArn: string;
    readonly instanceArn: string;
    readonly periodSeconds: number;
  };
  private instanceIdentifier: string | undefined;

  constructor(options: TaskLatency['options']) {
    this.options = options;
  }

  /** Largest figures of the newest period that has both, however old; absent when none of the last ten has. */
  async read(signal: AbortSignal): Promise<LatencyReading | undefined> {
    const { clients, clock, periodSeconds } = this.options;
    const { sdk, client } = await clients.cloudWatch();
    const dimensions = await this.dimensions(signal);
    const now = clock.nowMilliseconds();
    const period = periodSeconds * 1000;
    // A point is dated at the begin of its period, so the range begins one period earlier.
    const start = Math.floor((now - (periodsBack + 1) * period) / period) * period;
    const input = {
      StartTime: new Date(start),
      EndTime: new Date(now),
      MetricDataQueries: metricNames.map((MetricName) => ({
        Id: MetricName.toLowerCase(),
        MetricStat: {
          Metric: { Namespace: namespace, MetricName, Dimensions: dimensions },
          Period: periodSeconds,
          Stat: 'Maximum',
        },
      })),
    };
    const answer = await during(signal, (options) => client.send(new sdk.GetMetricDataCommand(input), options));
    const [source, target] = metricNames.map((name) => {
      const result = answer.MetricDataResults?.find(({ Id }) => Id === name.toLowerCase());
      return new Map(result?.Timestamps?.map((at, index) => [at.getTime(), result.Values?.[index]]));
    });
    const common = [...(source?.keys() ?? [])].filter((at) => target?.has(at));
    const newest = Math.max(...common);
    const sourceSeconds = source?.get(newest);
    const targetSeconds = target?.get(newest);
    const measuredAtMilliseconds = newest + period;
    if (sourceSeconds === undefined || targetSeconds === undefined) return undefined;
    return { sourceSeconds, targetSeconds, measuredAtMilliseconds };
  }

  /** The task's dimension is the last part of its ARN; the instance's is its identifier, which stands in no ARN. */
  private async dimensions(signal: AbortSignal): Promise<{ Name: string; Value: string }[]> {
    const { clients, taskArn, instanceArn } = this.options;
    if (this.instanceIdentifier === undefined) {
      const { sdk, client } = await clients.dms();
      const input = { Filters: [{ Name: 'replication-instance-arn', Values: [instanceArn] }] };
      const answer = await during(signal, (options) =>
        client.send(new sdk.DescribeReplicationInstancesCommand(input), options),
      );
      this.instanceIdentifier = answer.ReplicationInstances?.[0]?.ReplicationInstanceIdentifier;
      if (this.instanceIdentifier === undefined) throw new Error(`replication instance ${instanceArn} does not exist`);
    }
    return [
      { Name: 'ReplicationInstanceIdentifier', Value: this.instanceIdentifier },
      { Name: 'ReplicationTaskIdentifier', Value: taskArn.split(':').at(-1) ?? taskArn },
    ];
  }
}
