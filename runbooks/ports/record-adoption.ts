import type { Manifest } from '../../definition/manifest/sections';
import type { Clock, Nonces } from './clock';
import type { Effect } from './effect';
import type { JournalStore } from './journal-store';
import type { LockReading } from './lock';

/** One record set of a name, as it stands in the zone. */
export interface StandingRecord {
  readonly type: string;
  /** Without a final dot, in lower case; absent: an alias, or several values. */
  readonly value?: string;
  readonly ttlSeconds?: number;
  readonly routing: 'simple' | 'weighted' | 'other';
  readonly setIdentifier?: string;
  readonly weight?: number;
}

/** Set identifier of what a simple record becomes, until the deploy has made the pair. */
export const adoptedSetIdentifier = 'cutover-before';

/** The way from a simple record to the weighted pair: the only place of the product that deletes a record. */
export interface RecordAdoption {
  /** By name of the manifest's records; empty where a name has none. */
  read(signal: AbortSignal): Promise<ReadonlyMap<string, readonly StandingRecord[]>>;
  /** Each simple record of these names becomes a weighted one with the same answer, in one change batch. */
  makeWeighted(names: readonly string[]): Effect;
  /** What `makeWeighted` made goes away, in one change batch: the pair answers alike. */
  removeAdopted(names: readonly string[]): Effect;
}

/** What an adoption asks of the world. No database: it comes before the first of them is asked. */
export interface AdoptionWorld {
  readonly manifest: Manifest;
  readonly adoption: RecordAdoption;
  readonly readLock: (signal: AbortSignal) => Promise<LockReading | undefined>;
  readonly journal: JournalStore;
  readonly clock: Clock;
  readonly nonces: Nonces;
  close(): Promise<void>;
}

export type ConnectAdoption = (request: {
  readonly environment: string;
  readonly migration: string;
  readonly mode: 'plan' | 'execute';
  readonly signal: AbortSignal;
}) => Promise<AdoptionWorld>;
