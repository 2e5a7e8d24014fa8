import type { Effect } from './effect';

export interface ChangedKey {
  /** schema.table; of a partition, the partitioned table that the verification knows. */
  readonly table: string;
  /** One text per key column, as the engine prints it. */
  readonly key: readonly string[];
}

export interface CollectedChanges {
  readonly keys: readonly ChangedKey[];
  /**
   * Tables in which something may have changed that no key describes: truncated, rows whose old key the log does not hold,
   * or rows changed by a foreign key's rule where the log leaves them out. Every row of them is compared.
   */
  readonly wholeTables: readonly string[];
  /** Up to here everything committed is in this answer. */
  readonly position: string;
  /** False: there is more than one answer holds; confirm this one and collect again. */
  readonly complete: boolean;
}

/**
 * Which rows of one side were written since the feed was opened: a reading of the log of the verification's own, separate
 * from the replication under test. It keeps the log until it is confirmed, and survives restarts of both sides of it.
 */
export interface ChangedKeys {
  /** Since when the feed holds every change, by the engine's clock; absent when it is not open or has lost its log. */
  openedAtMilliseconds(signal: AbortSignal): Promise<number | undefined>;
  /** Opens the feed here and now unless it is open. Waits for the transactions under way. */
  open(): Effect;
  /**
   * What was committed since the last confirmed position, without moving it. Every transaction in the answer is visible to
   * readers when it returns. `keyColumns` names, per table, the columns that make up its key.
   */
  collect(keyColumns: ReadonlyMap<string, readonly string[]>, signal: AbortSignal): Promise<CollectedChanges>;
  /** Everything up to the position is proven: it is not collected again, and its log is let go. */
  confirm(position: string): Effect;
  close(): Effect;
}
