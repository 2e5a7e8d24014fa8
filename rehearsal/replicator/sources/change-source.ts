import type { Readable } from 'node:stream';
import type { ChangeQueue } from '../change-queue';
import type { Latency } from '../latency';
import type { TableName } from '../row-change';
import type { Router, SourceTable } from '../table-mappings/router';

/**
 * The database a task reads. Positions are texts in the engine's own notation; only the source compares them.
 * A source yields whole committed transactions in commit order.
 */
export interface ChangeSource {
  /** Tables whose changes the log can tell. */
  listTables(): Promise<SourceTable[]>;
  /** Makes the task's own change feed and a snapshot that ends where the feed begins, read by at most so many sessions. */
  openSnapshot(mostReaders: number, tables: number): Promise<Snapshot>;
  /**
   * Checks that changes can be read from `position` on and returns where reading will begin.
   * `own` reads the feed that `openSnapshot` made. Throws a plain message when the position is lost.
   */
  checkPosition(position: string | undefined, own: boolean): Promise<string>;
  /** Reads changes into the queue until it is closed or `failed` is called. */
  openStream(position: string, own: boolean, into: StreamTarget): Promise<ChangeStream>;
  close(): Promise<void>;
}

export interface StreamTarget {
  queue: ChangeQueue;
  router: Router;
  latency: Latency;
  failed: (error: Error) => void;
}

export interface ChangeStream {
  /** How far the log was read while no transaction was half read; safe to confirm once the queue is applied. */
  readonly receivedPosition: string;
  pause(paused: boolean): void;
  /** Tells the source that everything up to `position` is durable on the target. */
  confirm(position: string): void;
  close(): Promise<void>;
}

/** Rows of a table whose first key column lies in `[from, below)`; without a bound, all on that side. */
export interface KeyRange {
  readonly column?: string;
  readonly from?: string;
  readonly below?: string;
}

/** The source as it stood, read by several sessions. Rows come in PostgreSQL's COPY text format. */
export interface Snapshot {
  /** Where changes follow. A source that cannot read all sessions at one moment says in it how far both overlap. */
  position: string;
  /** Sessions that read; they count from 0. */
  readers: number;
  /** Columns that carry data: generated ones are computed again by the target. */
  columns(table: TableName): Promise<string[]>;
  /** Parts of a large table, to be read side by side: each row is in exactly one. */
  ranges(table: TableName): Promise<KeyRange[]>;
  read(reader: number, table: TableName, columns: string[], range: KeyRange): Readable;
  /** Makes a session whose reading failed ready for the next table. */
  recover(reader: number): Promise<void>;
  close(): Promise<void>;
}
