import type { Clock } from '../../ports/clock';
import type { Effect } from '../../ports/effect';
import type { LatencyReading, ReplicationTask, TableReading, TaskReading } from '../../ports/replication';
import type { AwsClients } from './clients';
import { poll } from './polling';
import { replicationTaskCalls } from './replication-task-calls';
import { serverlessReplicationCalls } from './serverless-replication-calls';
import { isServerless, type StartWish, type TaskCalls } from './task-calls';
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

/** A DMS task, or a serverless replication: its state, its tables, and start and stop, which DMS takes minutes for. */
export class DmsTask implements ReplicationTask {
  readonly identifier: string;
  private readonly options: TaskOptions;
  private readonly metrics: TaskLatency;
  private readonly calls: TaskCalls;

  constructor(options: TaskOptions) {
    this.options = options;
    this.identifier = options.identifier;
    const { clients, arn } = options;
    this.calls = isServerless(arn)
      ? serverlessReplicationCalls(clients, options)
      : replicationTaskCalls(clients, options);
    this.metrics = new TaskLatency({ ...options, taskArn: options.arn, periodSeconds: options.metricPeriodSeconds });
  }

  read(signal: AbortSignal): Promise<TaskReading> {
    return this.calls.describe(signal);
  }

  async tables(signal: AbortSignal): Promise<TableReading[]> {
    const tables: TableReading[] = [];
    let marker: string | undefined;
    do {
      const page = await this.calls.tablePage(marker, signal);
      tables.push(...page.tables);
      marker = page.next;
    } while (marker !== undefined && marker !== '');
    return tables;
  }

  latency(signal: AbortSignal): Promise<LatencyReading | undefined> {
    return this.metrics.read(signal);
  }

  startLoad(): Effect {
    // Once it has run, `start-replication` is refused: an interrupted load goes on where it stood.
    return this.start(({ hasRun }) => ({ startType: hasRun ? 'resume-processing' : 'start-replication' }));
  }

  startFrom(position: () => string): Effect {
    return this.start(() => ({ startType: 'start-replication', position: position() }));
  }

  stop(): Effect {
    const atRest = ({ status }: TaskReading) => status === 'stopped' || status === 'failed' || status === 'ready';
    return {
      name: `stop-task-${this.identifier}`,
      touches: `DMS task ${this.identifier}`,
      precheck: async (signal) => atRest(await this.read(signal)),
      act: async (signal) => {
        await this.options.assertHeld(signal);
        const { sdk } = await this.options.clients.dms();
        // A task that starts cannot be stopped yet.
        const reading = await this.settles(signal);
        if (atRest(reading)) return;
        await this.calls.stop(signal).catch(
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

  private start(how: (reading: TaskReading) => StartWish): Effect {
    return {
      name: `start-task-${this.identifier}`,
      touches: `DMS task ${this.identifier}`,
      precheck: async (signal) => (await this.read(signal)).status === 'running',
      act: async (signal) => {
        await this.options.assertHeld(signal);
        const { sdk } = await this.options.clients.dms();
        if ((await this.read(signal)).status === 'starting') return;
        const reading = await this.settles(signal);
        if (reading.status === 'running') return;
        await this.calls.start(how(reading), signal).catch(async (error: unknown) => {
          if (!(error instanceof sdk.InvalidResourceStateFault)) throw error;
          const { status } = await this.read(signal);
          if (status !== 'starting' && status !== 'running') throw error;
        });
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
}
