import type { Readable } from 'node:stream';
import type { TransactionPart } from '../change-queue';
import type { Route } from '../table-mappings/route';

/** Where a task stands, as its target remembers it. */
export interface RunState {
  phase: 'full load' | 'cdc';
  position: string | undefined;
}

/** What `awsdms_status` shows of a task. */
export interface TaskProgress {
  phase: 'FULL LOAD' | 'CHANGE PROCESSING' | 'NOT RUNNING';
  pendingChanges: number;
  position: string | undefined;
  /** The source's commit time of the last transaction applied. */
  appliedCommitMilliseconds?: number;
}

/**
 * The database a task writes to. It remembers the position in the same transaction as the changes, so a killed
 * process neither loses nor doubles one. A newer run of the task shuts out an older one.
 */
export interface ChangeSink {
  /** Begins a new run of the task at `state`, forgetting where earlier ones stood. */
  beginAnew(state: RunState): Promise<void>;
  /** Takes the task over where it stands; undefined when the target knows nothing of it. */
  takeOver(): Promise<RunState | undefined>;
  /** Tables that an earlier run suspended are skipped again. */
  recallSuspended(routes: Route[]): Promise<void>;
  /** Empties the tables before a load; all in one statement where foreign keys tie them together. */
  empty(routes: Route[]): Promise<void>;
  /** Loads one table from rows in COPY text; returns how many. All or nothing. `writer` counts from 0. */
  load(writer: number, route: Route, columns: string[], rows: Readable): Promise<number>;
  /** Breaks off what is being loaded; nothing of it stays. */
  abandonLoad(): Promise<void>;
  /** The load is complete up to `position`; changes follow from there. */
  finishLoad(position: string): Promise<void>;
  /** Marks a table as not replicated any more, with the reason. Throws when the settings say that this stops the task. */
  tableFailed(route: Route, error: unknown): Promise<void>;
  /** Applies parts as one transaction, or as one piece of a larger one when the last part has no commit. */
  apply(parts: TransactionPart[]): Promise<void>;
  /**
   * Applies whole transactions table by table with their net effect, as DMS's batch apply does: within a batch the
   * order between tables is not kept, so one table may show a change before another shows an earlier one.
   */
  applyBatch(parts: TransactionPart[]): Promise<void>;
  /** Remembers a position that was reached without changes. */
  savePosition(position: string): Promise<void>;
  /** Writes `awsdms_status` where the settings ask for it. */
  writeStatus(status: TaskProgress): Promise<void>;
  close(): Promise<void>;
}
