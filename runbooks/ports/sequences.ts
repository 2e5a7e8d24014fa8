import type { Effect } from './effect';

export interface SequenceReading {
  /** What people call it on this side: `schema.sequence`, or `schema.table.column` of a column that counts by itself. */
  readonly name: string;
  /**
   * The columns that it feeds, `schema.table.column` in the source's names whatever the side: by these, or else by an
   * equal name, the sequences of both sides are told to be the same. Empty where only the application draws from it.
   */
  readonly feeds: readonly string[];
  /** Highest value given out so far (start − increment when never used). Text of a 64-bit integer. */
  readonly lastValue: string;
  readonly increment: string;
  /** The last value that the sequence and every column that it feeds can hold. */
  readonly maximum: string;
}

/** Sequences, identities and columns that count by themselves, of the migrated tables on one side. */
export interface Sequences {
  readSequences(signal: AbortSignal): Promise<SequenceReading[]>;
  /** By sequence: the highest value that stands in a column it feeds. Without a row or a column it is left out. */
  highestStored(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Sets each, by its name on this side, to at least the value (64-bit integer as text); never moves one back. */
  advanceSequences(values: ReadonlyMap<string, string>): Effect;
}
