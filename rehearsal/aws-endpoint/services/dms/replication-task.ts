import { InvalidResourceStateFault } from '@aws-sdk/client-database-migration-service';
import type { StatusMessage, TableCounters } from '../../control/control-messages';
import type { DmsTaskSeed } from '../../seed-of-services';

export type TaskStatus = 'ready' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';

/** What a start asks for, and what the next resume will need. */
export interface StartOrder {
  readonly startType: 'start-replication' | 'resume-processing' | 'reload-target';
  readonly cdcStartPosition: string | undefined;
}

/** How slowly a task changes its state, and how the replicator is told. */
export interface TaskSurroundings {
  readonly startMilliseconds: number;
  readonly stopMilliseconds: number;
  /** Answers false when no replicator is there to take the task. */
  order(task: ReplicationTask, order: StartOrder): boolean;
  halt(task: ReplicationTask): boolean;
  /** A fault: the text with which the next start fails. */
  startFailure(task: ReplicationTask): string | undefined;
}

/**
 * A replication task and its state machine: ready → starting → running → stopping → stopped, and failed from any of the
 * moving states. Starting and stopping last at least as long as the seed says, and until the replicator agrees.
 */
export class ReplicationTask {
  readonly seed: DmsTaskSeed;
  identifier: string;
  tableMappings: string;
  settings: string;
  status: TaskStatus = 'ready';
  stopReason: string | undefined;
  lastFailureMessage: string | undefined;
  recoveryCheckpoint: string | undefined;
  cdcStartPosition: string | undefined;
  fullLoadProgressPercent = 0;
  hasRun = false;
  readonly createdAt = new Date();
  startedAt: Date | undefined;
  freshStartedAt: Date | undefined;
  stoppedAt: Date | undefined;
  readonly tables = new Map<string, TableCounters>();
  /** Faults: table states that stand whatever the replicator reports, by `schema.table`. */
  readonly forcedTableStates = new Map<string, string>();
  private readonly surroundings: TaskSurroundings;
  private timer: NodeJS.Timeout | undefined;
  private stopDue = false;
  private stopReported = false;

  constructor(seed: DmsTaskSeed, surroundings: TaskSurroundings) {
    this.seed = seed;
    this.identifier = seed.identifier;
    this.tableMappings = seed.tableMappings;
    this.settings = seed.settings;
    this.surroundings = surroundings;
  }

  /** Neither running nor on the way to or from it: the only state in which a task may be started or modified. */
  get atRest(): boolean {
    return this.status === 'ready' || this.status === 'stopped' || this.status === 'failed';
  }

  start(order: StartOrder): void {
    if (!this.atRest) throw invalidState(`Replication Task cannot be started, invalid state: ${this.status}`);
    this.status = 'starting';
    this.hasRun = true;
    this.stopReason = this.lastFailureMessage = undefined;
    this.stoppedAt = undefined;
    this.startedAt = new Date();
    if (order.startType !== 'resume-processing') {
      this.freshStartedAt = this.startedAt;
      this.recoveryCheckpoint = undefined;
      this.tables.clear();
      this.fullLoadProgressPercent = 0;
    }
    this.cdcStartPosition = order.cdcStartPosition ?? this.cdcStartPosition;
    this.timer = setTimeout(() => this.hand(order), this.surroundings.startMilliseconds);
  }

  stop(): void {
    if (this.status !== 'running')
      throw invalidState(`Replication Task cannot be stopped, invalid state: ${this.status}`);
    this.status = 'stopping';
    this.stopDue = this.stopReported = false;
    this.timer = setTimeout(() => {
      this.stopDue = true;
      this.settleStop();
    }, this.surroundings.stopMilliseconds);
    if (!this.surroundings.halt(this)) this.fail('Last Error Replication engine lost while stopping.');
  }

  /** Takes over what the replicator reports. */
  report(message: StatusMessage): void {
    this.recoveryCheckpoint = message.recoveryCheckpoint ?? this.recoveryCheckpoint;
    this.fullLoadProgressPercent = message.fullLoadProgressPercent ?? this.fullLoadProgressPercent;
    if (this.atRest) return;
    if (message.status === 'failed') this.fail(message.message ?? 'Last Error Replication engine reported a failure.');
    else if (message.status === 'running' && this.status === 'starting') this.status = 'running';
    else if (message.status === 'stopped') {
      this.stopReason = reason(message.stopReason ?? 'NORMAL');
      this.stopReported = true;
      if (this.status === 'stopping') this.settleStop();
      else this.rest('stopped');
    }
  }

  /** Ends in `failed` what is not at rest. */
  fail(message: string): void {
    if (this.atRest) return;
    this.lastFailureMessage = message;
    this.stopReason = reason('FATAL_ERROR');
    this.rest('failed');
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private hand(order: StartOrder): void {
    const failure = this.surroundings.startFailure(this);
    if (failure !== undefined) this.fail(failure);
    else if (!this.surroundings.order(this, order)) this.fail('Last Error No replication engine is connected.');
  }

  private settleStop(): void {
    if (this.status === 'stopping' && this.stopDue && this.stopReported) this.rest('stopped');
  }

  private rest(status: 'stopped' | 'failed'): void {
    clearTimeout(this.timer);
    this.status = status;
    this.stoppedAt = new Date();
  }
}

function reason(text: string): string {
  return text.startsWith('Stop Reason ') ? text : `Stop Reason ${text}`;
}

export function invalidState(message: string): InvalidResourceStateFault {
  return new InvalidResourceStateFault({ message, $metadata: {} });
}
