import type { MetricsMessage } from '../../control/control-messages';
import type { MetricStore } from '../cloudwatch/metric-store';
import type { DmsTaskSeed } from '../../seed-of-services';
import type { DmsState } from './dms-state';

const namespace = 'AWS/DMS';

interface Figures {
  readonly source: number;
  readonly target: number;
  readonly incoming: number;
}

const lastSegment = (arn: string): string => arn.split(':').at(-1) ?? arn;

/**
 * Publishes a task's latency metrics as DMS does: one figure per closed period, the largest of the period, dated at its
 * begin. A task that does not run, and one of which nothing was heard, publishes nothing. So the newest figure is always
 * older than the period's end, and a peak is seen only after it.
 */
export class MetricPublisher {
  /** A fault: what is published of which task (`*` for all) instead of the truth. */
  readonly faults = new Map<string, 'absent' | 'frozen'>();
  private readonly samples = new Map<string, Figures>();
  private readonly published = new Map<string, Figures>();
  private readonly store: MetricStore;
  private readonly state: DmsState;
  private readonly periodMilliseconds: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(store: MetricStore, state: DmsState, periodSeconds: number) {
    this.store = store;
    this.state = state;
    this.periodMilliseconds = periodSeconds * 1000;
  }

  /** Closes a period at each multiple of its length. */
  start(): void {
    const now = Date.now();
    const begin = Math.floor(now / this.periodMilliseconds) * this.periodMilliseconds;
    this.timer = setTimeout(
      () => {
        this.closePeriod(begin);
        this.start();
      },
      begin + this.periodMilliseconds - now,
    );
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  sample(message: MetricsMessage): void {
    const { taskArn, sourceLatencySeconds, targetLatencySeconds, incomingChanges } = message;
    const before = this.samples.get(taskArn) ?? { source: 0, target: 0, incoming: 0 };
    this.samples.set(taskArn, {
      source: Math.max(before.source, sourceLatencySeconds),
      target: Math.max(before.target, targetLatencySeconds),
      incoming: Math.max(before.incoming, incomingChanges),
    });
  }

  /** @param begin the period's begin, epoch milliseconds */
  closePeriod(begin: number): void {
    for (const { seed, status } of this.state.all) {
      const fault = this.faults.get(seed.arn) ?? this.faults.get('*');
      const heard = status === 'running' ? this.samples.get(seed.arn) : undefined;
      const figures = fault === 'frozen' ? this.published.get(seed.arn) : heard;
      if (figures === undefined || fault === 'absent') continue;
      this.published.set(seed.arn, figures);
      this.publish(seed, figures, new Date(begin));
    }
    this.samples.clear();
  }

  private publish(seed: DmsTaskSeed, figures: Figures, at: Date): void {
    const Dimensions = this.dimensions(seed);
    const put = (MetricName: string, Value: number, Unit: 'Seconds' | 'Count'): void =>
      this.store.put(namespace, { MetricName, Dimensions, Timestamp: at, Value, Unit });
    put('CDCLatencySource', figures.source, 'Seconds');
    put('CDCLatencyTarget', figures.target, 'Seconds');
    put('CDCIncomingChanges', figures.incoming, 'Count');
  }

  private dimensions({ arn, identifier, replicationInstanceArn: instanceArn }: DmsTaskSeed) {
    // How AWS calls the dimension of a serverless replication is not documented.
    if (instanceArn === undefined) return [{ Name: 'ReplicationConfigIdentifier', Value: identifier }];
    const instance = this.state.instances.find((candidate) => candidate.ReplicationInstanceArn === instanceArn);
    return [
      {
        Name: 'ReplicationInstanceIdentifier',
        Value: instance?.ReplicationInstanceIdentifier ?? lastSegment(instanceArn),
      },
      // The resource part of the task's ARN, not its name: so DMS fills this dimension.
      { Name: 'ReplicationTaskIdentifier', Value: lastSegment(arn) },
    ];
  }
}
