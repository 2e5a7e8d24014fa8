import type { Manifest, SideName } from '../../definition/manifest/sections';
import type { Clock, Nonces } from './clock';
import type { Database } from './database';
import type { JournalStore } from './journal-store';
import type { MigrationLock } from './lock';
import type { ReplicationTask } from './replication';
import type { NameService, Routing } from './routing';
import type { Notifier, Surroundings } from './surroundings';
import type { Writer } from './writers';

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
  close(): Promise<void>;
}

/** How an entry file opens the world. `plan` holds read-only connections: a mutating call there throws. */
export interface WorldRequest {
  readonly environment: string;
  readonly migration: string;
  readonly mode: 'plan' | 'execute';
  readonly signal: AbortSignal;
}
export type Connect = (request: WorldRequest) => Promise<World>;
