import type { DeployedMigration } from '../runbooks/ports/deployed-migration';
import type { Operator, Reporter } from '../runbooks/ports/operator';
import type { ConnectAdoption } from '../runbooks/ports/record-adoption';
import type { ConnectReplication } from '../runbooks/ports/replication-world';
import type { Connect } from '../runbooks/ports/world';

/** What an entry file wires; tests wire broken ports here. */
export interface Wiring {
  readonly connect: Connect;
  readonly operator: Operator;
  /** Where an engine is not supported, `check` asks this instead. */
  readonly connectReplication?: ConnectReplication;
  /** What `adopt-records` asks of the world. */
  readonly connectAdoption?: ConnectAdoption;
  /** The migrations deployed in an environment; only `review --live` asks. */
  readonly migrationsOf?: (environment: string, signal: AbortSignal) => Promise<DeployedMigration[]>;
}

/** Options that every verb of a migration takes. */
export interface MigrationOptions {
  readonly environment: string;
  readonly execute?: boolean;
  readonly confirm?: string;
  readonly json?: boolean;
  readonly for?: number;
  /** Share of the time, in percent, that `check-data` may read. */
  readonly throttle?: number;
  /** The interval as it was typed, or true where none was: the primary is given up. */
  readonly acceptLoss?: string | true;
}

export interface Invocation {
  readonly wiring: Wiring;
  readonly migration: string;
  readonly options: MigrationOptions;
  readonly reporter: Reporter;
  /** Ends when the operator interrupts (Ctrl-C, SIGTERM). */
  readonly interrupt: AbortSignal;
}
