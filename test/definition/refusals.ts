import { deriveEnvironment } from '../../definition/define-environment';
import { DefinitionError, type Finding } from '../../definition/definition-error';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { environments } from '../../environments';

export const production = (): Environment => structuredClone(environments['production']!);

export const migrationOf = (environment: Environment, name: string): Migration => {
  const migration = environment.migrations[name];
  if (!migration) throw new Error(`no migration ${name}`);
  return migration;
};

/** What is found wrong when `change` is made to production; empty when nothing is. */
export function findingsAfter(change: (environment: Environment) => void, base = production()): readonly Finding[] {
  try {
    deriveEnvironment(base, change);
    return [];
  } catch (error) {
    if (error instanceof DefinitionError) return error.findings;
    throw error;
  }
}
