import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
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

const scenarioFile = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  description: z.string().default(''),
  database: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/),
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
  /** The load runs as a DMS Serverless replication, also where the definition has it on the instance. */
  serverlessLoad: z.boolean().default(false),
  faults: z.array(scenarioFault).default([]),
  /** All runbooks do their work; or the one that meets the faults unwinds itself; or it refuses. */
  expected: z.strictObject({ outcome: z.enum(['passed', 'unwound', 'refused']) }),
});

/** A folder that describes a database to move, its data, its load, its faults and how the rehearsal shall end. */
export type Scenario = z.infer<typeof scenarioFile> & { folder: string; schemaFile: string; seedFile?: string };

/** Names of the scenarios that ship with the rehearsal: every folder here that holds a schema. */
export function scenarioNames(): string[] {
  return readdirSync(__dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(__dirname, entry.name, 'schema.sql')))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Finds a scenario by its name or by the path of a folder of one's own. Only `schema.sql` must be there; `seed.sql` (or
 * `data.sql`) and `scenario.json` are optional, and everything that the latter leaves out has a default.
 * Throws when the folder, its schema or a value in `scenario.json` is not usable.
 */
export function loadScenario(nameOrFolder: string): Scenario {
  const shipped = scenarioNames().includes(nameOrFolder);
  const folder = shipped ? join(__dirname, nameOrFolder) : resolve(nameOrFolder);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Error(
      `No scenario "${nameOrFolder}": it is neither one of ${scenarioNames().join(', ')} nor the path of a folder.`,
    );
  }
  const schemaFile = join(folder, 'schema.sql');
  if (!existsSync(schemaFile)) {
    throw new Error(`The scenario folder ${folder} has no schema.sql: put the DDL of your database there.`);
  }
  const seedFile = ['seed.sql', 'data.sql'].map((name) => join(folder, name)).find((path) => existsSync(path));
  return { ...readSettings(folder), folder, schemaFile, seedFile };
}

function readSettings(folder: string): z.infer<typeof scenarioFile> {
  const path = join(folder, 'scenario.json');
  const parsed = scenarioFile.safeParse(withDefaults(folder, existsSync(path) ? parseJson(path) : {}));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is not a scenario:\n${z.prettifyError(parsed.error)}`);
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
