import { existsSync, readFileSync } from 'node:fs';
import { changesEngine, databaseName, scenarioWith, type Scenario } from './scenario';

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
  const { accounts, consumer } = scenario;
  const own = {
    database: databaseOf(sourceSchema) ?? scenario.database,
    ...{ accounts, consumer: { account: consumer.account } },
  };
  return {
    ...ownSettings(scenario, own, workload),
    schemaFile: sourceSchema,
    targetSchemaFile: targetSchema,
    seedFile: sourceData,
  };
}

/**
 * The scenario with a database that runs somewhere. Its clients have accounts of their own, since nobody tells a rehearsal the
 * passwords of those that are there. @throws Error when the workload file is missing, or says another database
 */
export function withRunningDatabase(scenario: Scenario, database: string, workload: string | undefined): Scenario {
  if (!changesEngine(scenario))
    throw new Error(
      `${scenario.name} moves within one engine; running databases are rehearsed with for a change of the engine: cutover rehearse orders`,
    );
  if (workload !== undefined && !existsSync(workload)) throw new Error(`there is no file ${workload}`);
  if (!databaseName.test(database))
    throw new Error(
      `the database ${database} cannot be rehearsed with: lower-case letters, digits and underscores are read`,
    );
  const accounts = { write: ['rehearsal_app', 'rehearsal_worker'], read: ['rehearsal_report'] };
  const own = ownSettings(scenario, { database, accounts, consumer: { account: 'rehearsal_worker' } }, workload);
  if (own.database !== database)
    throw new Error(`${workload ?? ''} names the database ${own.database}, and --source the database ${database}`);
  return { ...own, seedFile: undefined };
}

/** Load and name stay those of the scenario unless the workload file says otherwise; its faults and its queue do not. */
function ownSettings(scenario: Scenario, own: Record<string, unknown>, workload: string | undefined): Scenario {
  const { name, workload: load } = scenario;
  const settings = {
    ...{ name, workload: load, expected: { outcome: 'passed' } },
    ...own,
    ...(workload === undefined ? {} : parse(workload)),
  };
  const { folder, schemaFile, targetSchemaFile, seedFile } = scenario;
  return { ...scenarioWith(settings, workload ?? schemaFile), folder, schemaFile, targetSchemaFile, seedFile };
}

/** The database that a dump with --databases was taken from, or that mysqldump's header names. */
function databaseOf(file: string): string | undefined {
  const beginning = readFileSync(file, 'utf8').slice(0, 100_000);
  const name =
    /^\s*USE\s+`?([A-Za-z_][A-Za-z0-9_]*)`?\s*;/im.exec(beginning)?.[1] ??
    /^\s*CREATE\s+(?:DATABASE|SCHEMA)\s+(?:\/\*.*?\*\/\s*)?(?:IF\s+NOT\s+EXISTS\s+)?`?([A-Za-z_][A-Za-z0-9_]*)`?/im.exec(
      beginning,
    )?.[1] ??
    /^-- Host: .*Database: ([A-Za-z_][A-Za-z0-9_]*)\s*$/m.exec(beginning)?.[1];
  return name !== undefined && databaseName.test(name) ? name : undefined;
}

function parse(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
