import type {
  ReplicationTask as Description,
  StartReplicationTaskMessage,
} from '@aws-sdk/client-database-migration-service';
import type { Clock } from '../../ports/clock';
import type { Effect } from '../../ports/effect';
import { UsageError } from '../../ports/failures';
import type { LatencyReading, ReplicationTask, TableReading, TaskReading } from '../../ports/replication';
import type { AwsClients } from './clients';
import { during } from './during';
import { poll } from './polling';
import { TaskLatency } from './task-latency';

export interface TaskOptions {
  readonly clients: AwsClients;
  readonly clock: Clock;
  readonly arn: string;
  readonly identifier: string;
  readonly instanceArn: string;
  readonly metricPeriodSeconds: number;
  /** How long the task may take to start or stop. */
  readonly timeoutSeconds: number;
  /** Throws when this run no longer holds the lock: DMS cannot refuse an epoch by itself. */
  readonly assertHeld: (signal: AbortSignal) => Promise<void>;
}

/** Plain strings in the API; every other one is on the way to one of these. */
const settled = new Set(['ready', 'running', 'stopped', 'failed', 'failed-move', 'deleting']);
const neverRun = new Set(['creating', 'ready']);

/** A DMS task: its state, its tables, and start and stop, which DMS takes minutes for. */
export class DmsTask implements ReplicationTask {
  readonly identifier: string;
  private readonly options: TaskOptions;
  private readonly metrics: TaskLatency;

  constructor(options: TaskOptions) {
    this.options = options;
    this.identifier = options.identifier;
    this.metrics = new TaskLatency({ ...options, taskArn: options.arn, periodSeconds: options.metricPeriodSeconds });
  }

  async read(signal: AbortSignal): Promise<TaskReading> {
    const task = await this.describe(signal);
    const status = task.Status ?? 'unknown';
    const stats = task.ReplicationTaskStats;
    return {
      status,
      stopReason: task.StopReason,
      lastFailure: task.LastFailureMessage,
      fullLoadPercent: stats?.FullLoadProgressPercent,
      tablesErrored: stats?.TablesErrored ?? 0,
      hasRun: task.ReplicationTaskStartDate !== undefined || !neverRun.has(status),
    };
  }

  async tables(signal: AbortSignal): Promise<TableReading[]> {
    const { sdk, client } = await this.options.clients.dms();
    const tables: TableReading[] = [];
    let marker: string | undefined;
    do {
      const input = { ReplicationTaskArn: this.options.arn, MaxRecords: 500, Marker: marker };
      const page = await during(signal, (options) =>
        client.send(new sdk.DescribeTableStatisticsCommand(input), options),
      );
      for (const { SchemaName, TableName, TableState, FullLoadRows } of page.TableStatistics ?? [])
        tables.push({
          table: `${SchemaName}.${TableName}`,
          state: TableState ?? 'unknown',
          fullLoadRows: FullLoadRows ?? 0,
        });
      marker = page.Marker;
    } while (marker !== undefined && marker !== '');
    return tables;
  }

  latency(signal: AbortSignal): Promise<LatencyReading | undefined> {
    return this.metrics.read(signal);
  }

  startLoad(): Effect {
    // Once it has run, `start-replication` is refused: an interrupted load goes on where it stood.
    return this.start(({ hasRun }) => ({
      StartReplicationTaskType: hasRun ? 'resume-processing' : 'start-replication',
    }));
  }

  startFrom(position: () => string): Effect {
    return this.start(() => ({ StartReplicationTaskType: 'start-replication', CdcStartPosition: position() }));
  }

  stop(): Effect {
    const atRest = ({ status }: TaskReading) => status === 'stopped' || status === 'failed' || status === 'ready';
    return {
      name: `stop-task-${this.identifier}`,
      touches: `DMS task ${this.identifier}`,
      precheck: async (signal) => atRest(await this.read(signal)),
      act: async (signal) => {
        await this.options.assertHeld(signal);
        const { sdk, client } = await this.options.clients.dms();
        // A task that starts cannot be stopped yet.
        const reading = await this.settles(signal);
        if (atRest(reading)) return;
        const input = { ReplicationTaskArn: this.options.arn };
        await during(signal, (options) => client.send(new sdk.StopReplicationTaskCommand(input), options)).catch(
          // Refused because it stops already: perhaps by this very call, whose answer was lost.
          async (error: unknown) => {
            if (!(error instanceof sdk.InvalidResourceStateFault)) throw error;
            const { status } = await this.read(signal);
            if (status !== 'stopping' && status !== 'stopped' && status !== 'failed') throw error;
          },
        );
      },
      verify: async (signal) => atRest(await this.settles(signal)),
    };
  }

  private start(how: (reading: TaskReading) => Partial<StartReplicationTaskMessage>): Effect {
    return {
      name: `start-task-${this.identifier}`,
      touches: `DMS task ${this.identifier}`,
      precheck: async (signal) => (await this.read(signal)).status === 'running',
      act: async (signal) => {
        await this.options.assertHeld(signal);
        const { sdk, client } = await this.options.clients.dms();
        if ((await this.read(signal)).status === 'starting') return;
        const reading = await this.settles(signal);
        if (reading.status === 'running') return;
        const input = { ReplicationTaskArn: this.options.arn, ...how(reading) } as StartReplicationTaskMessage;
        await during(signal, (options) => client.send(new sdk.StartReplicationTaskCommand(input), options)).catch(
          async (error: unknown) => {
            if (!(error instanceof sdk.InvalidResourceStateFault)) throw error;
            const { status } = await this.read(signal);
            if (status !== 'starting' && status !== 'running') throw error;
          },
        );
      },
      verify: async (signal) => {
        const { status, lastFailure, stopReason } = await this.settles(signal);
        if (status === 'running') return true;
        const why = [lastFailure, stopReason].filter((each) => each).join(', ') || 'no reason given';
        throw new Error(`DMS task ${this.identifier} is ${status} instead of running: ${why}`);
      },
    };
  }

  /** The reading once the task is no longer on its way from one state to another. */
  private settles(signal: AbortSignal): Promise<TaskReading> {
    const { clock, timeoutSeconds } = this.options;
    const what = `DMS task ${this.identifier}: coming to rest in a state (timing.taskTimeoutSeconds)`;
    return poll({ clock, what, deadlineSeconds: timeoutSeconds, signal }, async () => {
      const reading = await this.read(signal);
      return settled.has(reading.status) && reading;
    });
  }

  private async describe(signal: AbortSignal): Promise<Description> {
    const { sdk, client } = await this.options.clients.dms();
    const input = {
      Filters: [{ Name: 'replication-task-arn', Values: [this.options.arn] }],
      WithoutSettings: true,
    };
    const missing = (cause?: unknown) =>
      new UsageError('task-missing', `DMS task ${this.identifier} (${this.options.arn}) does not exist`, {
        next: 'cdk deploy',
        cause,
      });
    try {
      const { ReplicationTasks } = await during(signal, (options) =>
        client.send(new sdk.DescribeReplicationTasksCommand(input), options),
      );
      if (!ReplicationTasks?.[0]) throw missing();
      return ReplicationTasks[0];
    } catch (error) {
      throw error instanceof sdk.ResourceNotFoundFault ? missing(error) : error;
    }
  }
}
