import type { Clock } from '../../ports/clock';
import type { LatencyReading } from '../../ports/replication';
import type { AwsClients } from './clients';
import { during } from './during';
import { isServerless } from './task-calls';

const namespace = 'AWS/DMS';
const metricNames = ['CDCLatencySource', 'CDCLatencyTarget'] as const;
/** How far back a figure is looked for: one that stands still is told from one that never was. */
const periodsBack = 10;

interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** The latency metrics of one DMS task, or of a serverless replication. */
export class TaskLatency {
  private readonly options: {
    readonly clients: AwsClients;
    readonly clock: Clock;
    readonly taskArn: string;
    readonly instanceArn: string;
    readonly periodSeconds: number;
  };
  private instanceIdentifier: string | undefined;
  private found: Dimension[] | undefined;

  constructor(options: TaskLatency['options']) {
    this.options = options;
  }

  /** Largest figures of the newest period that has both, however old; absent when none of the last ten has. */
  async read(signal: AbortSignal): Promise<LatencyReading | undefined> {
    const { clients, clock, periodSeconds } = this.options;
    const { sdk, client } = await clients.cloudWatch();
    const dimensions = await this.dimensions(signal);
    if (dimensions === undefined) return undefined;
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
  private async dimensions(signal: AbortSignal): Promise<Dimension[] | undefined> {
    const { clients, taskArn, instanceArn } = this.options;
    const last = taskArn.split(':').at(-1) ?? taskArn;
    if (isServerless(taskArn)) return (this.found ??= await dimensionsNaming(clients, last, signal));
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
      { Name: 'ReplicationTaskIdentifier', Value: last },
    ];
  }
}

/**
 * The dimensions under which a serverless replication publishes. AWS documents that it does, but not their names; our
 * identifier is also the end of the ARN, so whatever they are called, one of them holds it. Absent before the first figure.
 */
async function dimensionsNaming(
  clients: AwsClients,
  identifier: string,
  signal: AbortSignal,
): Promise<Dimension[] | undefined> {
  const { sdk, client } = await clients.cloudWatch();
  const names = ({ Value = '' }: { Value?: string }) => Value === identifier || Value.endsWith(`:${identifier}`);
  let token: string | undefined;
  do {
    const input = { Namespace: namespace, MetricName: metricNames[0], NextToken: token };
    const page = await during(signal, (options) => client.send(new sdk.ListMetricsCommand(input), options));
    const metric = page.Metrics?.find(({ Dimensions }) => Dimensions?.some(names));
    if (metric?.Dimensions) return metric.Dimensions.map(({ Name = '', Value = '' }): Dimension => ({ Name, Value }));
    token = page.NextToken;
  } while (token !== undefined);
  return undefined;
}
