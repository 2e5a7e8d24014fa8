import { Client } from 'pg';
import { prepareDatabases } from '../../../rehearsal/databases/prepare-databases';
import type { PreparedDatabases, PrepareOptions } from '../../../rehearsal/databases/prepare-databases';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { startPostgres } from '../../../rehearsal/engines/postgres';
import type { Engine } from '../../../rehearsal/engines/postgres';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import { startGuardian } from '../../../rehearsal/processes/guardian';
import type { Guardian } from '../../../rehearsal/processes/guardian';
import { createRunFolder } from '../../../rehearsal/processes/run-folder';
import { dumpedSchema } from './dumped-schema';

type Side = 'source' | 'target';
const sides: Side[] = ['source', 'target'];
const account = (name: string) => ({ name, password: `${name}'s secret` });
const accounts = {
  runbook: account('cutover_runbook'),
  replication: account('cutover_replication'),
  write: [account('billing_app'), account('billing_worker')],
  read: [account('billing_report')],
};
const further = `CREATE SCHEMA ledger; CREATE TABLE ledger.entries (id bigserial PRIMARY KEY);
  GRANT USAGE ON SCHEMA ledger TO billing_app; GRANT INSERT ON ledger.entries TO billing_app;`;

let guardian: Guardian;
let engines: Record<Side, Engine>;
let prepared: PreparedDatabases;

beforeAll(async () => {
  const runFolder = createRunFolder();
  guardian = startGuardian(runFolder);
  const [authority, addresses] = await Promise.all([createCertificateAuthority(), chooseAddresses()]);
  const start = async (side: Side): Promise<Engine> =>
    startPostgres({
      ...addresses[side],
      ...{ majorVersion: side === 'source' ? 15 : 17, runFolder, name: side, superuserPassword: 'secret', guardian },
      tls: { ...(await authority.issue([addresses[side].host])), authorityPem: authority.certificatePem },
    });
  const [source, target] = await Promise.all([start('source'), start('target')]);
  engines = { source, target };
  const seedSql = 'COPY public.customers (name, at) FROM stdin;\nEva\t2026-01-01 00:00:00+00\n\\.\n';
  const created = `CREATE DATABASE another;\nALTER DATABASE another OWNER TO nobody;\n\\connect another\n${dumpedSchema}`;
  prepared = await prepare({ schemaSql: created, seedSql, furtherSql: further });
});
afterAll(() => guardian.close());

function prepare(options: Partial<PrepareOptions>): Promise<PreparedDatabases> {
  return prepareDatabases({ engines, database: 'billing', accounts, schemaSql: '', ...options });
}

async function ask(side: Side, user: string, ...statements: string[]): Promise<unknown[]> {
  const credentials = user === 'postgres' ? {} : { user, password: account(user).password };
  const client = new Client({ ...engines[side].superuser, database: 'billing', ...credentials });
  client.on('error', () => undefined);
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const sql of statements) ({ rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' }));
    return rows;
  } finally {
    await client.end();
  }
}

const insert = "INSERT INTO customers (name) VALUES ('Ada') RETURNING id > 0";

describe('a plain dump', () => {
  test('is loaded on both sides, its data on the source alone', async () => {
    expect(prepared).toEqual({ schemas: ['audit', 'public'], createdRoles: ['legacy_admin'] });
    const facts = `SELECT (SELECT count(*) FROM customers), (SELECT string_agg(code, ',' ORDER BY code) FROM plans),
      (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal), (SELECT double(21))`;
    expect(await ask('source', 'postgres', facts)).toEqual([['1', String.raw`A\B,Zoë's`, '1', 42]]);
    // The rows of the dump itself come with the load.
    expect(await ask('target', 'postgres', facts)).toEqual([['0', null, '1', 42]]);
  });

  test.each(sides)('belongs to a role without login, except what it gave to somebody (%s)', async (side) => {
    const owners = `SELECT c.oid::regclass::text, r.rolname, r.rolcanlogin FROM pg_class c JOIN pg_roles r ON r.oid = relowner
      WHERE relkind IN ('r', 'S', 'v') AND relnamespace IN ('public'::regnamespace, 'audit'::regnamespace)
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') ORDER BY 1`;
    expect(await ask(side, 'postgres', owners)).toEqual([
      ['audit.events', 'legacy_admin', false],
      ['audit.events_id_seq', 'legacy_admin', false],
      ['customer_names', 'billing_owner', false],
      ['customers', 'billing_owner', false],
      ['customers_id_seq', 'billing_owner', false],
      ['plans', 'billing_owner', false],
    ]);
    expect(await ask(side, 'postgres', "SELECT rolname FROM pg_roles WHERE rolname LIKE '%loader'")).toEqual([]);
  });
});

describe('the application', () => {
  test('writes and reads on the source', async () => {
    expect(await ask('source', 'billing_app', insert)).toEqual([[true]]);
    await ask(
      'source',
      'billing_app',
      'INSERT INTO audit.events DEFAULT VALUES',
      'INSERT INTO ledger.entries VALUES (1)',
    );
    expect(
      await ask('source', 'billing_worker', "UPDATE customers SET name = 'Bo'", 'DELETE FROM audit.events'),
    ).toEqual([]);
  });

  test.each(sides)('reads with an account that cannot write (%s)', async (side) => {
    await ask(side, 'billing_report', 'SELECT * FROM customer_names, audit.events');
    await expect(ask(side, 'billing_report', insert)).rejects.toThrow('permission denied for table customers');
  });

  test('is locked out of the target where it would write', async () => {
    await expect(ask('target', 'billing_app', 'SELECT 1')).rejects.toThrow(
      'role "billing_app" is not permitted to log in',
    );
  });

  test('cannot change the schema', async () => {
    await expect(ask('source', 'billing_app', 'CREATE TABLE mine ()')).rejects.toThrow('permission denied for schema');
  });

  test('holds the same on a table that its owner makes later', async () => {
    await ask('source', 'postgres', 'SET ROLE billing_owner', 'CREATE TABLE later (id serial PRIMARY KEY)');
    await ask('source', 'billing_app', 'INSERT INTO later DEFAULT VALUES');
    await expect(ask('source', 'billing_report', 'DELETE FROM later')).rejects.toThrow('permission denied');
  });
});

describe.each(sides)('the runbook’s account on the %s', (side) => {
  const runbook = (...statements: string[]) => ask(side, 'cutover_runbook', ...statements);

  test('is no superuser and has nothing of the application’s but reading', async () => {
    expect(await runbook('SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([[false]]);
    await runbook('SET row_security = off', 'SELECT * FROM customers, audit.events, plans');
    await expect(runbook(insert)).rejects.toThrow('permission denied');
    await expect(runbook('ALTER ROLE postgres NOLOGIN')).rejects.toThrow(/must be superuser|permission denied/);
  });

  test('locks and unlocks the application’s accounts', async () => {
    const canLogIn = "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'billing_worker'";
    expect(await runbook('ALTER ROLE billing_worker NOLOGIN', canLogIn)).toEqual([[false]]);
    expect(await runbook('ALTER ROLE billing_worker LOGIN', canLogIn)).toEqual([[true]]);
    if (side === 'target') await runbook('ALTER ROLE billing_worker NOLOGIN');
  });

  test('ends their sessions and sees them', async () => {
    const session = new Client({
      ...engines[side].superuser,
      ...{ database: 'billing', user: 'billing_report', password: account('billing_report').password },
    });
    const lost = new Promise<Error>((resolve) => session.once('error', resolve));
    session.on('error', () => undefined);
    await session.connect();
    const ending =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'billing_report' AND query <> ''";
    await session.query('SELECT 1');
    expect(await runbook(ending)).toEqual([['1']]);
    expect((await lost).message).toContain('terminating connection');
  });

  test('moves sequences, makes schemas and slots', async () => {
    expect(await runbook("SELECT setval('customers_id_seq', 5000), setval('ledger.entries_id_seq', 7)")).toEqual([
      ['5000', '7'],
    ]);
    await runbook(
      'CREATE SCHEMA cutover_local',
      'CREATE TABLE cutover_local.state ()',
      'DROP SCHEMA cutover_local CASCADE',
    );
    await runbook(
      "SELECT pg_create_logical_replication_slot('way_back', 'test_decoding')",
      "SELECT pg_drop_replication_slot('way_back')",
    );
  });
});

test('the runbook’s account brings the statistics of the target up to date', async () => {
  await ask('target', 'cutover_runbook', 'ANALYZE customers');
  expect(
    await ask(
      'target',
      'postgres',
      "SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'customers'",
    ),
  ).toEqual([[true]]);
});

test.each(sides)('the replication’s account applies changes without triggers and owns nothing (%s)', async (side) => {
  const apply = ['SET session_replication_role = replica', 'BEGIN', insert, 'DELETE FROM audit.events', 'ROLLBACK'];
  await ask(side, 'cutover_replication', ...apply);
  await ask(side, 'cutover_replication', 'CREATE SCHEMA awsdms_control', 'DROP SCHEMA awsdms_control');
  const owned = "SELECT count(*) FROM pg_shdepend WHERE refobjid = 'cutover_replication'::regrole AND deptype = 'o'";
  expect(await ask(side, 'postgres', owned)).toEqual([['0']]);
});

describe('a script that cannot be loaded', () => {
  const attempt = (database: string, options: Partial<PrepareOptions>) =>
    prepare({ ...options, database, accounts: renamed(database) });
  const renamed = (prefix: string) => ({
    runbook: account(`${prefix}_runbook`),
    replication: account(`${prefix}_replication`),
    write: [],
    read: [],
  });

  test('is named with its line, its statement and the engine’s reason', async () => {
    await expect(attempt('one', { schemaSql: 'SELECT 1;\n\nCREATE TABLE t (a nonsense);' })).rejects.toThrow(
      /^the schema \(on the (source|target)\) cannot be loaded: line 3: type "nonsense" does not exist, in: CREATE TABLE t/,
    );
  });

  test('names the row of a COPY', async () => {
    const schemaSql = 'CREATE TABLE t (a int);\nCOPY t FROM stdin;\n1\nx\n\\.\n';
    await expect(attempt('two', { schemaSql })).rejects.toThrow(
      /line 2: invalid input syntax.*COPY t, line 2, column a/,
    );
  });
});
