import type { Side } from '../../workload/configuration';
import type { Account } from '../database';
import type { NeutralRow } from '../canonical';
import type { NeutralTable } from '../model/neutral-table';

/** Where jobs wait, by the model's names. */
export interface JobQueue {
  table: NeutralTable;
  column: string;
  waiting: string;
  done: string;
}

/** Key of the ledger's row, and what the engine knows the transaction by. */
export interface Entry {
  entry: string;
  transaction: string;
}

/** One connection of the application to its database, whichever that is. It never reconnects by itself. */
export interface ApplicationSession {
  /** Set as soon as the connection is known to be gone. */
  readonly broken: boolean;
  begin(): Promise<void>;
  /** False where the engine rolled back instead. */
  commit(): Promise<boolean>;
  rollback(): Promise<void>;
  /** The row as it stands then. */
  insert(table: NeutralTable, values: NeutralRow): Promise<NeutralRow>;
  /** The row as it stands then; undefined where there is none of that key. */
  update(table: NeutralTable, key: string[], values: NeutralRow): Promise<NeutralRow | undefined>;
  /** False where there is none of that key. */
  delete(table: NeutralTable, key: string[]): Promise<boolean>;
  /** Writes the transaction's row of the ledger. */
  enter(client: string, sequence: number, note: string): Promise<Entry>;
  /** Takes the oldest waiting job, if there is one. */
  takeJob(queue: JobQueue): Promise<NeutralRow | undefined>;
  rows(table: NeutralTable, keys: string[][]): Promise<NeutralRow[]>;
  newest(table: NeutralTable, count: number): Promise<NeutralRow[]>;
  some(table: NeutralTable, count: number): Promise<NeutralRow[]>;
  /** The highest value of a column, whole numbers all. */
  highest(table: NeutralTable, column: string): Promise<string | null>;
  /** From now on rows may refer to nothing, as those that replication brings do. For administrators. */
  ignoreForeignKeys(): Promise<void>;
  /** One row into the direct probes' table; gives what the engine knows the transaction by. */
  probe(): Promise<string>;
  /** The server answered "no" to a statement and goes on listening. */
  isRefusal(error: unknown): boolean;
  /** The server answered "no" to COMMIT, so that nothing of the transaction stands. */
  isRefusedCommit(error: unknown): boolean;
  /** Lets the connection go without waiting for it. */
  close(): void;
}

export interface SessionPurpose {
  side: Side;
  account: Account;
  applicationName: string;
}
