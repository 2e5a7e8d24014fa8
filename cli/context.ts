import type { Operator, Reporter } from '../runbooks/ports/operator';
import type { Connect } from '../runbooks/ports/world';

/** What an entry file wires; tests wire broken ports here. */
export interface Wiring {
  readonly connect: Connect;
  readonly operator: Operator;
  /** Names of the migrations deployed in an environment; only `review --live` asks. */
  readonly migrationsOf?: (environment: string, signal: AbortSignal) => Promise<string[]>;
}

/** Options that every verb of a migration takes. */
export interface MigrationOptions {
  readonly environment: string;
  readonly execute?: boolean;
  readonly confirm?: string;
  readonly json?: boolean;
  readonly for?: number;
}

export interface Invocation {
  readonly wiring: Wiring;
  readonly migration: string;
  readonly options: MigrationOptions;
  readonly reporter: Reporter;
  /** Ends when the operator interrupts (Ctrl-C, SIGTERM). */
  readonly interrupt: AbortSignal;
}
