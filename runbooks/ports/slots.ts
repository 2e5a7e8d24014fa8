import type { Effect } from './effect';

export interface SlotReading {
  readonly name: string;
  readonly active: boolean;
  /** LSN, or `file:offset` of a binlog. */
  readonly confirmedPosition: string;
  /** Transactions executed up to there, where the engine numbers them: for people, and for another server's log. */
  readonly gtid?: string;
  /** `reserved`, `extended`, `unreserved` or `lost`, as PostgreSQL's wal_status. */
  readonly retention: string;
  readonly retainedBytes: number;
}

export interface LogRetention {
  /** What a slot may hold back before the server takes its log away; absent when there is no such limit. */
  readonly limitBytes?: number;
  /** For how long the server keeps log that nobody reads; absent where it does not go by time. */
  readonly limitSeconds?: number;
  /** Log written per second, on average since the server began to count; absent where it does not count. */
  readonly bytesPerSecond?: number;
  /** Logical slots of this database that have lost log, or lose it at the next checkpoint. */
  readonly endangered: readonly SlotReading[];
}

/**
 * Where replication out of one side starts, and what keeps the log for it. Where the engine has no slots, a position is
 * remembered under the slot's name, and only the server's own retention keeps the log.
 */
export interface Slots {
  readSlot(name: string, signal: AbortSignal): Promise<SlotReading | undefined>;
  readRetention(signal: AbortSignal): Promise<LogRetention>;
  /** Names of the logical slots of this database that an allowed account (replication is one) reads at this moment. */
  inUse(signal: AbortSignal): Promise<string[]>;
  /** Logical slots of this database that nobody reads: each keeps the log from its position on. */
  idle(signal: AbortSignal): Promise<SlotReading[]>;
  /** A fresh logical slot (plugin test_decoding, as DMS needs it); an inactive one of that name is dropped first. */
  createSlot(name: string): Effect;
  /** Moves the slot to the present end of the log: what was committed before is not replicated again. */
  advanceSlot(name: string): Effect;
  dropSlot(name: string): Effect;
}
