import type { Transformation, Migration } from '../../definition/schema/migration';
import type { NeutralTable } from '../application/model/neutral-table';
import type { Credentials } from '../credentials';
import type { AnyEngine } from '../engines/any-engine';
import type { LocalPlace } from '../local-place';
import type { Environment } from '../processes/isolated-environment';
import type { Guardian } from '../processes/guardian';
import type { Line } from '../processes/output-lines';
import type { ChildHandle } from '../processes/spawn';
import type { Scenario } from '../scenarios/scenario';

export type Side = 'source' | 'target';
export type Engines = Readonly<Record<Side, AnyEngine>>;

/** What an engine is started with, whatever it is. */
export interface EnginePlace {
  readonly runFolder: string;
  readonly name: Side;
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly certificatePem: string; readonly privateKeyPem: string; readonly authorityPem: string };
  readonly credentials: Credentials;
  readonly guardian: Guardian;
  readonly settings?: Readonly<Record<string, string>>;
  /** A MySQL or MariaDB server; without it what is on the PATH. */
  readonly mysqlServer?: string;
}

/** What the databases of a scenario turned out to be, once they stand. */
export interface Preparation {
  /** Table patterns that the migration includes. */
  readonly included: readonly string[];
  readonly transformations: readonly Transformation[];
  readonly waivers?: Migration['waivers'];
  /** What the definition says of the source's engine, where the base says otherwise. */
  readonly source: Partial<Pick<Migration['source'], 'engine' | 'version'>>;
  /** Accounts of procedures and replication, and others that the fence leaves alone, where they are not those of the base. */
  readonly accounts?: Pick<Migration['accounts'], 'runbook' | 'replication' | 'allowed'>;
  /** What people should know. */
  readonly remarks: readonly string[];
}

/** The names of a migration that stand in DNS. */
export interface Names {
  readonly write: string;
  readonly read: string;
  /** What the weighted names point to on each side. */
  readonly endpoints: Readonly<Record<Side, string>>;
}

/** Where clients start, and whom they tell what they do. */
export interface ClientsPlace extends DatabasesPlace {
  readonly names: Names;
  /** What stands on both sides, where these are two engines; else clients read the catalogue themselves. */
  readonly tables: readonly NeutralTable[] | undefined;
  readonly ledgerFile: string;
  readonly environment: Environment;
  readonly runFolder: string;
  readonly guardian: Guardian;
  readonly onLine: (line: Line) => void;
}

/** Where the databases of a scenario stand. */
export interface DatabasesPlace {
  readonly scenario: Scenario;
  readonly place: LocalPlace;
  readonly engines: Engines;
  readonly preparation: Preparation;
  readonly credentials: Credentials;
}

/**
 * What differs between a move within one engine, whose weighted names front the databases, and a change of the engine,
 * whose names front the application's stacks. Everything else of a rehearsal is the same for both.
 */
export interface Shape {
  readonly level: 'database' | 'application';
  /** For people, before any engine is known. */
  readonly engines: string;
  /** Of the environment's migrations the one to start from where the scenario has none of its own name. */
  readonly example: string;
  /** Whoever administers the engines; the fence leaves them alone. */
  readonly administrators: readonly string[];
  startEngine(side: Side, place: EnginePlace): Promise<AnyEngine>;
  prepare(engines: Engines, scenario: Scenario, credentials: Credentials): Promise<Preparation>;
  names(migration: string): Names;
  readTables(place: DatabasesPlace): Promise<readonly NeutralTable[] | undefined>;
  /** Processes that serve before the clients start and end after them: last to start, first to end. */
  startStacks(place: ClientsPlace): Promise<readonly ChildHandle[]>;
  /** The clients' own process; they write when it resolves. */
  startClients(place: ClientsPlace): Promise<ChildHandle>;
}
