import type { DatabasePlace } from '../local-place';
import type { StagingUrl } from './staging-url';

/** A running database that was reached: its certificate is verified, and its administrator could log in. */
export interface StagingDatabase extends DatabasePlace {
  readonly family: 'mysql' | 'postgres';
  readonly administrator: StagingUrl['administrator'];
  /** For people: the URL without its password. */
  readonly title: string;
}

/** Somebody's running databases: they are never stopped, and get back what was found there. */
export interface StagingPair {
  readonly source: StagingDatabase;
  readonly target: StagingDatabase;
  /** Whether tables of the target that hold rows may be emptied before the load. */
  readonly emptiesTarget: boolean;
}

/** What was typed of a pair. */
export interface StagingRequest {
  readonly source: StagingUrl;
  readonly target: StagingUrl;
  /** Files with certificates, and names that certificates carry where the URL's host is another. */
  readonly authorityFiles: Readonly<Partial<Record<'source' | 'target', string>>>;
  readonly tlsNames: Readonly<Partial<Record<'source' | 'target', string>>>;
  readonly emptiesTarget: boolean;
  /** Names of databases that were typed beforehand: the source's, then the target's. */
  readonly confirmed: readonly string[];
}
