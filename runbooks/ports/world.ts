import type { Manifest, SideName } from '../../definition/manifest/sections';
import type { Clock, Nonces } from './clock';
import type { Database } from './database';
import type { JournalStore } from './journal-store';
import type { MigrationLock } from './lock';
import type { ReplicationTask } from './replication';
import type { NameService, Routing } from './routing';
import type { Notifier, Surroundings } from './surroundings';
import type { Writer } from './writers';

/** A side that does not answer: all of its ports refuse. */
export interface LostSide {
  readonly side: SideName;
  /** Why it could not be reached, in words. */
  readonly why: string;
  /** Knocks once more: true when anything answers there, be it with a refusal. */
  answers(signal: AbortSignal): Promise<boolean>;
}

/** All that a runbook asks of the world, wired by `adapters/connect.ts`. */
export interface World {
  readonly manifest: Manifest;
  readonly sides: Readonly<Record<SideName, Database>>;
  readonly tasks: Readonly<Record<'load' | 'forward' | 'reverse', ReplicationTask>>;
  readonly routing: Routing;
  readonly names: NameService;
  readonly writers: readonly Writer[];
  readonly surroundings: Surroundings;
  readonly notifier: Notifier;
  readonly lock: MigrationLock;
  readonly journal: JournalStore;
  readonly clock: Clock;
  readonly nonces: Nonces;
  /** Only where the request named a side that may be missing, and it is. */
  readonly lost?: LostSide;
  close(): Promise<void>;
}

/** The sides that can be asked and changed. */
export const answeringSides = ({ sides, lost }: World): Database[] =>
  [sides.source, sides.target].filter(({ side }) => side !== lost?.side);

/** How an entry file opens the world. `plan` holds read-only connections: a mutating call there throws. */
export interface WorldRequest {
  readonly environment: string;
  readonly migration: string;
  readonly mode: 'plan' | 'execute';
  /** The side that may be missing: without it a side that does not answer is a failure. */
  readonly mayBeLost?: SideName;
  readonly signal: AbortSignal;
}
export type Connect = (request: WorldRequest) => Promise<World>;
