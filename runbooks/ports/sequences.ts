import type { Effect } from './effect';

export interface SequenceReading {
  /** schema.sequence, quoted as the engine prints it. */
  readonly name: string;
  /** Highest value given out so far (start − increment when never used). Text of a 64-bit integer. */
  readonly lastValue: string;
  readonly increment: string;
  /** The last value that the sequence and every column that it feeds can hold. */
  readonly maximum: string;
}

/** Sequences and identities of the migrated tables on one side. */
export interface Sequences {
  readSequences(signal: AbortSignal): Promise<SequenceReading[]>;
  /** By sequence: the highest value that stands in a column it feeds. Without a row or a column it is left out. */
  highestStored(signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Sets each to at least the value (64-bit integer as text); never moves one back. */
  advanceSequences(values: ReadonlyMap<string, string>): Effect;
}
