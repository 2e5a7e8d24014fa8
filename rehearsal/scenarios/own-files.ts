import { existsSync, readFileSync } from 'node:fs';
import { changesEngine, scenarioWith, type Scenario } from './scenario';

/** Files of somebody's own database, in place of those of a scenario. */
export interface OwnFiles {
  readonly sourceSchema?: string;
  readonly sourceData?: string;
  readonly targetSchema?: string;
  readonly workload?: string;
}

/**
 * The scenario with somebody's own database: its load and accounts stay unless the workload file says otherwise, its faults
 * and its queue do not. @throws Error when a file is missing, or one of the two schemas
 */
export function withOwnFiles(scenario: Scenario, files: OwnFiles): Scenario {
  const { sourceSchema, sourceData, targetSchema, workload } = files;
  if (Object.values(files).every((file) => file === undefined)) return scenario;
  if (!changesEngine(scenario))
    throw new Error(
      `${scenario.name} moves within one engine: put your database into a folder (schema.sql, seed.sql) and name that`,
    );
  if (sourceSchema === undefined || targetSchema === undefined)
    throw new Error('a database of your own wants both --source-schema and --target-schema');
  for (const file of Object.values(files))
    if (file !== undefined && !existsSync(file as string)) throw new Error(`there is no file ${file as string}`);
  const settings = workload === undefined ? {} : parse(workload);
  const { accounts, consumer, workload: load, name } = scenario;
  const own = scenarioWith(
    {
      ...{ name, database: databaseOf(sourceSchema) ?? scenario.database, accounts, workload: load },
      ...{ consumer: { account: consumer.account }, expected: { outcome: 'passed' } },
      ...settings,
    },
    workload ?? sourceSchema,
  );
  return {
    ...own,
    folder: scenario.folder,
    schemaFile: sourceSchema,
    targetSchemaFile: targetSchema,
    seedFile: sourceData,
  };
}

/** The database that a dump with --databases was taken from, or that mysqldump's header names. */
function databaseOf(file: string): string | undefined {
  const beginning = readFileSync(file, 'utf8').slice(0, 100_000);
  const name =
    /^\s*USE\s+`?([A-Za-z_][A-Za-z0-9_]*)`?\s*;/im.exec(beginning)?.[1] ??
    /^-- Host: .*Database: ([A-Za-z_][A-Za-z0-9_]*)\s*$/m.exec(beginning)?.[1];
  return name !== undefined && /^[a-z_][a-z0-9_]{0,62}$/.test(name) ? name : undefined;
}

function parse(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
