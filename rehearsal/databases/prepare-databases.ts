import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier as id, escapeLiteral } from 'pg';
import type { ClientConfig } from 'pg';
import type { Engine } from '../engines/postgres';
import type { DatabaseAccounts } from './accounts';
import { ownerOf } from './accounts';
import { createRoles, grantOnDatabase, grantOnFuture, grantOnSchema, grantSequences } from './roles';
import { runScript } from './script/run-script';

export interface PrepareOptions {
  readonly engines: { readonly source: Engine; readonly target: Engine };
  readonly database: string;
  readonly accounts: DatabaseAccounts;
  /** Loaded on both sides; a plain dump of pg_dump serves. Rows in it stay on the source alone, where replication begins. */
  readonly schemaSql: string;
  /** Loaded on the source alone. */
  readonly seedSql?: string;
  /** The rehearsal's own tables: run on both sides after the application's schema, with grants of its own. */
  readonly furtherSql?: string;
}

export interface PostgresSideOptions extends Omit<PrepareOptions, 'engines'> {
  readonly engine: Engine;
  readonly side: 'source' | 'target';
}

export interface PreparedDatabases {
  /** The schemas that hold the application's tables. */
  readonly schemas: readonly string[];
  /** Roles that the schema names and that had to be made, without login. */
  readonly createdRoles: readonly string[];
}

/** Superuser for as long as the scripts run, so that what they made without naming an owner is known by its owner. */
const loaderOf = (database: string): string => `${database}_rehearsal_loader`;
/** `pg_class.relkind`: tables and partitioned tables; sequences, views and materialized views. */
const tables = ['r', 'p'];
const otherReadable = ['S', 'v', 'm'];

/** Creates the application's database on both sides: roles, schema, grants; and its data on the source. */
export async function prepareDatabases(options: PrepareOptions): Promise<PreparedDatabases> {
  const { engines, database, accounts, schemaSql, seedSql, furtherSql } = options;
  const same = { database, accounts, schemaSql, furtherSql };
  const [source, target] = await Promise.allSettled([
    preparePostgresSide({ ...same, engine: engines.source, side: 'source', seedSql }),
    preparePostgresSide({ ...same, engine: engines.target, side: 'target' }),
  ]);
  // Both have ended before an error is passed on: nobody is still at work on what the caller then takes down.
  if (source.status === 'rejected') throw source.reason;
  if (target.status === 'rejected') throw target.reason;
  return source.value;
}

/** Creates the application's database on one PostgreSQL side; the target is fenced, and holds no rows. */
export async function preparePostgresSide(options: PostgresSideOptions): Promise<PreparedDatabases> {
  const { engine, side, database, accounts, schemaSql, seedSql, furtherSql } = options;
  const fenced = side === 'target';
  const loader = loaderOf(database);
  const password = randomBytes(18).toString('base64url');
  await connected(engine.superuser, async (client) => {
    await client.query(`CREATE ROLE ${id(ownerOf(database))} NOLOGIN`);
    for (const sql of createRoles({ accounts, majorVersion: engine.majorVersion, fenced })) await client.query(sql);
    await client.query(`CREATE ROLE ${id(loader)} SUPERUSER LOGIN PASSWORD ${escapeLiteral(password)}`);
    await client.query(`CREATE DATABASE ${id(database)} OWNER ${id(ownerOf(database))}`);
  });

  // A connection for each script: a dump sets its session up, and does not put it back.
  const load = (title: string, script: string) =>
    connected({ ...engine.superuser, database, user: loader, password }, (client) => runScript(client, title, script));
  const createdRoles = [...(await load(`the schema (on the ${side})`, schemaSql)).createdRoles];
  if (side === 'source' && seedSql !== undefined)
    createdRoles.push(...(await load('the seed data', seedSql)).createdRoles);

  return connected({ ...engine.superuser, database }, async (client) => {
    await handOver(client, database);
    if (side === 'target') await empty(client);
    const schemas = await schemasHolding(client, tables);
    const granted = await schemasHolding(client, [...tables, ...otherReadable]);
    const grants = granted.flatMap((schema) => grantOnSchema(schema, accounts));
    for (const sql of [...grantOnDatabase(database, accounts), ...grantOnFuture(database, accounts), ...grants])
      await client.query(sql);
    if (furtherSql !== undefined) await runScript(client, 'the rehearsal’s own tables', furtherSql);
    for (const schema of await schemasHolding(client, [...tables, ...otherReadable])) {
      for (const sql of grantSequences(schema, accounts)) await client.query(sql);
    }
    await seeRowsBehindPolicies(client, accounts);
    if (side === 'source') await client.query('ANALYZE');
    return { schemas, createdRoles };
  });
}

/** What the script gave to somebody stays theirs; the rest goes to the application's owner. */
async function handOver(client: Client, database: string): Promise<void> {
  const loader = loaderOf(database);
  // An event trigger's owner must be a superuser.
  const triggers = await client.query<{ evtname: string }>(
    'SELECT evtname FROM pg_event_trigger WHERE evtowner = (SELECT oid FROM pg_roles WHERE rolname = $1)',
    [loader],
  );
  for (const { evtname } of triggers.rows) await client.query(`ALTER EVENT TRIGGER ${id(evtname)} OWNER TO postgres`);
  await client.query(`REASSIGN OWNED BY ${id(loader)} TO ${id(ownerOf(database))}`);
  await client.query(`DROP OWNED BY ${id(loader)}`);
  await client.query(`DROP ROLE ${id(loader)}`);
}

/** The load brings every row, reference data of the schema's script included: what stands there already would collide. */
async function empty(client: Client): Promise<void> {
  const { rows } = await client.query<{ tables: string | null }>(
    `SELECT string_agg(c.oid::regclass::text, ', ') AS tables FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`,
  );
  const names = rows[0]?.tables;
  if (!names) return;
  await client.query('SET session_replication_role = replica');
  await client.query(`TRUNCATE ${names}`);
  await client.query('RESET session_replication_role');
}

/** Verification and replication must see every row, whatever the application's row policies hide. */
async function seeRowsBehindPolicies(client: Client, { runbook, replication }: DatabaseAccounts): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_class WHERE relrowsecurity LIMIT 1');
  if (rowCount === 0) return;
  for (const { name } of [runbook, replication]) await client.query(`ALTER ROLE ${id(name)} BYPASSRLS`);
}

/** Schemas with relations of some kinds (`pg_class.relkind`) that are not the system's. */
async function schemasHolding(client: Client, kinds: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT n.nspname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = ANY ($1::"char"[]) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`,
    [kinds],
  );
  return rows.map(({ name }) => name);
}

async function connected<T>(config: ClientConfig, act: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...config, application_name: 'rehearsal' });
  // A lost connection fails the statement that is under way; the event alone must not end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}
