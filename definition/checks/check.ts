import type { Finding } from '../definition-error';
import type { Environment } from '../schema/environment';
import type { Migration } from '../schema/migration';

/** What a check of one migration sees; paths are relative to the migration. */
interface MigrationInContext {
  readonly name: string;
  readonly migration: Migration;
  readonly environment: Environment;
}

/** A check across settings: only reads, and returns what is wrong. */
export type MigrationCheck = (context: MigrationInContext) => Finding[];
export type EnvironmentCheck = (environment: Environment) => Finding[];
