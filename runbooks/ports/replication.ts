import type { Effect } from './effect';

export interface TaskReading {
  /** As DMS says: ready, starting, running, stopping, stopped, failed, … */
  readonly status: string;
  readonly stopReason?: string;
  readonly lastFailure?: string;
  readonly fullLoadPercent?: number;
  readonly tablesErrored: number;
  /** True once the task has run; a first run has another start type. */
  readonly hasRun: boolean;
}

export interface TableReading {
  readonly table: string;
  readonly state: string;
  readonly fullLoadRows: number;
  /** What DMS's own comparison says of the table, e.g. `Validated` or `Mismatched records`. */
  readonly validation?: string;
}

export interface LatencyReading {
  readonly sourceSeconds: number;
  readonly targetSeconds: number;
  /** End of the period that the figures are of, milliseconds since 1970. */
  readonly measuredAtMilliseconds: number;
}

/** One DMS task. DMS knows no epoch, so its effects are asserted again after a takeover. */
export interface ReplicationTask {
  readonly identifier: string;
  read(signal: AbortSignal): Promise<TaskReading>;
  tables(signal: AbortSignal): Promise<TableReading[]>;
  /** The newest figures of the metric, with their age; absent when none was published in the last ten periods. */
  latency(signal: AbortSignal): Promise<LatencyReading | undefined>;
  /** First start of the full load; `verify` waits for `running`. */
  startLoad(): Effect;
  /** Change data only, from a position of the log (slot and LSN). */
  startFrom(position: () => string): Effect;
  /** `verify` waits for `stopped`. */
  stop(): Effect;
}
