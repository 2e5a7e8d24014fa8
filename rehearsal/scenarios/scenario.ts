import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { matches } from '../../definition/replication/selected-tables';
import { transformationSchema, waiverSchema } from '../../definition/schema/tables';
import { tablePattern } from '../../definition/schema/words';
import { scenarioFault } from './scenario-fault';

/** Shares of the write transactions, in any unit: only their ratio counts. */
const mix = z.strictObject({
  insert: z.number().min(0).default(50),
  update: z.number().min(0).default(25),
  delete: z.number().min(0).default(5),
  transaction: z.number().min(0).default(19.8),
  longTransaction: z.number().min(0).default(0.2),
});
export type WorkloadMix = z.infer<typeof mix>;

const queue = z.strictObject({
  table: z.string().regex(/^[^.]+\.[^.]+$/, 'a queue table is written as schema.table'),
  column: z.string(),
  waiting: z.string(),
  done: z.string(),
});
export type Queue = z.infer<typeof queue>;

const roleName = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, 'an account is a lower-case PostgreSQL role name');

/** What the database of a scenario may be called. */
export const databaseName = /^[a-z_][a-z0-9_]{0,62}$/;

const scenarioFile = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  description: z.string().default(''),
  database: z.string().regex(databaseName),
  accounts: z.strictObject({ write: z.array(roleName).min(1), read: z.array(roleName) }),
  /** A writer that DNS does not move; without a queue of its own it works on `rehearsal_ledger.jobs`. */
  consumer: z.strictObject({ account: roleName, queue: queue.optional() }),
  workload: z.strictObject({
    clients: z.int().min(8).default(16),
    readers: z.int().min(0).default(2),
    writesPerSecond: z.number().positive().default(400),
    readsPerSecond: z.number().min(0).default(40),
    mix: mix.prefault({}),
  }),
  /** As in a definition: tables that stay where they are, what is not the same on both sides, findings that are accepted. */
  tables: z.strictObject({ exclude: z.array(tablePattern).default([]) }).prefault({}),
  transformations: z.array(transformationSchema).optional(),
  waivers: z.array(waiverSchema).default([]),
  /** The load runs as a DMS Serverless replication, also where the definition has it on the instance. */
  serverlessLoad: z.boolean().default(false),
  faults: z.array(scenarioFault).default([]),
  /** All runbooks do their work; or the one that meets the faults unwinds itself; or it refuses. */
  expected: z.strictObject({ outcome: z.enum(['passed', 'unwound', 'refused']) }),
});

type ScenarioSettings = z.infer<typeof scenarioFile>;

/**
 * A folder that describes a database to move, its data, its load, its faults and how the rehearsal shall end. Where it holds
 * a schema for each side, the source is MySQL or MariaDB and the target PostgreSQL.
 */
export type Scenario = ScenarioSettings & {
  folder: string;
  /** Of the source; of both sides unless there is a {@link targetSchemaFile}. */
  schemaFile: string;
  targetSchemaFile?: string;
  seedFile?: string;
};

/** Whether the scenario moves a database to another engine. */
export const changesEngine = ({ targetSchemaFile }: Pick<Scenario, 'targetSchemaFile'>): boolean =>
  targetSchemaFile !== undefined;

/** Does the table (schema.table) not move? Then nobody writes to it either. */
export const stays = ({ tables }: Pick<Scenario, 'tables'>, table: string): boolean =>
  tables.exclude.some((pattern) => matches(pattern, table));

/** What a folder must hold one of to be a scenario. */
const marks = ['schema.sql', 'source-schema.sql', 'scenario.json'];

/** Names of the scenarios that ship with the rehearsal. */
export function scenarioNames(): string[] {
  return readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && marks.some((mark) => existsSync(join(__dirname, entry.name, mark))))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Finds a scenario by its name or by the path of a folder of one's own. Only `schema.sql` must be there, or
 * `source-schema.sql` and `target-schema.sql`; `seed.sql` (or `data.sql`) and `scenario.json` are optional, and everything
 * that the latter leaves out has a default. A `scenario.json` that `extends` a shipped scenario takes from it what it does
 * not say itself. Throws when the folder, its schema or a value in `scenario.json` is not usable.
 */
export function loadScenario(nameOrFolder: string): Scenario {
  const shipped = scenarioNames().includes(nameOrFolder);
  const folder = shipped ? join(__dirname, nameOrFolder) : resolve(nameOrFolder);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Error(
      `No scenario "${nameOrFolder}": it is neither one of ${scenarioNames().join(', ')} nor the path of a folder.`,
    );
  }
  const base = extended(folder);
  const found = (name: string): string | undefined =>
    [folder, ...(base === undefined ? [] : [base.folder])]
      .map((each) => join(each, name))
      .find((file) => existsSync(file));
  const [schema, sourceSchema, targetSchemaFile] = ['schema.sql', 'source-schema.sql', 'target-schema.sql'].map(found);
  const schemaFile = sourceSchema ?? schema;
  if (schemaFile === undefined) {
    throw new Error(
      `The scenario folder ${folder} has no schema.sql: put the DDL of your database there; for a change of the engine, ` +
        'that of each side into source-schema.sql (MySQL or MariaDB) and target-schema.sql (PostgreSQL).',
    );
  }
  if ((sourceSchema === undefined) !== (targetSchemaFile === undefined)) {
    throw new Error(
      `The scenario folder ${folder} has ${sourceSchema === undefined ? 'target' : 'source'}-schema.sql without the other ` +
        'side: a change of the engine wants source-schema.sql (MySQL or MariaDB) and target-schema.sql (PostgreSQL).',
    );
  }
  const seedFile = found('seed.sql') ?? found('data.sql');
  return {
    ...readSettings(folder, base),
    folder,
    schemaFile,
    seedFile,
    ...(targetSchemaFile ? { targetSchemaFile } : {}),
  };
}

/** The shipped scenario that a folder's settings begin with. */
function extended(folder: string): Scenario | undefined {
  const path = join(folder, 'scenario.json');
  const name = existsSync(path) ? parseJson(path)['extends'] : undefined;
  if (name === undefined) return undefined;
  const others = scenarioNames().filter((each) => join(__dirname, each) !== folder);
  if (typeof name === 'string' && others.includes(name)) return loadScenario(name);
  throw new Error(`${path} extends ${JSON.stringify(name)}, which is none of ${others.join(', ')}.`);
}

function readSettings(folder: string, base: Scenario | undefined): ScenarioSettings {
  const path = join(folder, 'scenario.json');
  const { extends: _extends, ...own } = existsSync(path) ? parseJson(path) : {};
  const settings = base === undefined ? own : { ...settingsOf(base), ...own };
  return scenarioWith(withDefaults(folder, settings), path);
}

/** Settings as a scenario has them, checked. @throws Error that names the file that they come from */
export function scenarioWith(settings: Record<string, unknown>, path: string): ScenarioSettings {
  const parsed = scenarioFile.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is not a scenario:\n${z.prettifyError(parsed.error)}`);
}

/** Without where its files lie. */
export function settingsOf({ folder: _f, schemaFile: _s, targetSchemaFile: _t, seedFile: _d, ...settings }: Scenario) {
  return settings;
}

function parseJson(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** Accounts and database take their names from the folder unless the scenario says otherwise. */
function withDefaults(folder: string, settings: Record<string, unknown>): Record<string, unknown> {
  const name = typeof settings.name === 'string' ? settings.name : nameFrom(folder);
  const database = typeof settings.database === 'string' ? settings.database : name.replaceAll('-', '_');
  return {
    name,
    database,
    accounts: { write: [`${database}_app`, `${database}_worker`], read: [`${database}_report`] },
    consumer: { account: `${database}_worker` },
    workload: {},
    expected: { outcome: 'passed' },
    ...settings,
  };
}

function nameFrom(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
  return name === '' ? 'database' : name;
}
