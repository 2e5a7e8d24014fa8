import { failureOf, perform, soon, startTwoSides, type TwoSides } from './two-sides';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides();
});
afterAll(() => sides.close());

test.each(['source', 'target'] as const)('a %s that is prepared well has nothing to say', async (name) => {
  const database = await sides[name].started();
  const { fitness } = database;
  expect(await fitness.missingPrivileges(soon())).toEqual([]);
  expect(await fitness.accountFaults(soon())).toEqual([]);
  expect(await fitness.undeclaredAccounts(soon())).toEqual([]);
  expect(await fitness.settingFaults(soon())).toEqual([]);
  expect(await fitness.tablesWithoutKey(soon())).toEqual([]);
  expect(await fitness.firingTriggers(soon())).toEqual([]);
  expect(await fitness.exceptionRows(soon())).toBe(0);
  expect(await fitness.suspendedTables(soon())).toEqual([]);
  expect(await fitness.tablesWithoutStatistics(soon())).toEqual(['billing.customers', 'billing.invoices']);
  await perform(database.analyse());
  expect(await fitness.tablesWithoutStatistics(soon())).toEqual([]);
  await database.close();
});

test.each(['source', 'target'] as const)(
  'each privilege that is missing on the %s is named with a grant that brings it',
  async (name) => {
    const side = sides[name];
    const database = await side.connect();
    await side.ask(`ALTER ROLE cutover_runbook NOCREATEROLE NOREPLICATION;
    REVOKE pg_signal_backend, pg_monitor FROM cutover_runbook;
    REVOKE billing_app, billing_worker, billing_report, billing_owner FROM cutover_runbook;
    REVOKE CONNECT ON DATABASE billing FROM PUBLIC;
    GRANT CONNECT ON DATABASE billing TO cutover_runbook, billing_app, billing_worker, billing_report;
    CREATE SCHEMA awsdms_control;
    CREATE TABLE awsdms_control.awsdms_apply_exceptions ("TASK_NAME" text);
    ALTER TABLE billing.invoices ENABLE ROW LEVEL SECURITY;
    ALTER SCHEMA cutover_flow OWNER TO billing_app`);
    const missing = await database.fitness.missingPrivileges(soon());
    const named = missing.map((one) => one.privilege);
    const admin = name === 'target' ? ['ADMIN OPTION on billing_app', 'ADMIN OPTION on billing_worker'] : [];
    const analyse = name === 'target' ? ['ANALYZE of 2 tables of billing_owner'] : [];
    expect(named).toEqual([
      'CREATEROLE',
      'ending sessions',
      'seeing every session',
      ...admin,
      'creating replication slots',
      'the schema cutover_flow of billing_app',
      'CONNECT for the allowed account cutover_replication',
      'reading awsdms_control.awsdms_apply_exceptions',
      'USAGE in schema billing',
      'SELECT on 2 tables in schema billing',
      'SELECT and UPDATE on 2 sequences in schema billing',
      'the rows that row security hides of billing.invoices',
      ...analyse,
    ]);
    expect((await failureOf(database.fitness.exceptionRows(soon()))).message).toContain('permission denied');
    for (const { grant } of missing) await side.ask(grant);
    expect(await database.fitness.missingPrivileges(soon())).toEqual([]);
    expect(await database.fitness.exceptionRows(soon())).toBe(0);
    await side.ask(`DROP SCHEMA awsdms_control CASCADE; ALTER TABLE billing.invoices DISABLE ROW LEVEL SECURITY;
    GRANT billing_app, billing_worker, billing_report, billing_owner TO cutover_runbook WITH ADMIN OPTION;
    ALTER SCHEMA cutover_flow OWNER TO cutover_runbook; GRANT CONNECT ON DATABASE billing TO PUBLIC`);
    await database.close();
  },
);

test('creating the control schemas needs CREATE on the database', async () => {
  const side = sides.source;
  await side.createDatabase('bare');
  await side.ask('REVOKE CREATE ON DATABASE bare FROM cutover_runbook', [], 'bare');
  const manifest = structuredClone(sides.manifest);
  manifest.databases.source.database = 'bare';
  const database = await side.connect({ manifest });
  expect(await database.fitness.missingPrivileges(soon())).toEqual([
    { privilege: 'CREATE on the database', grant: 'GRANT CREATE ON DATABASE bare TO cutover_runbook' },
  ]);
  expect((await failureOf(perform(database.control.install()))).message).toContain(
    'permission denied for database bare',
  );
  await database.close();
});

test('an account that would pass the fence, or writes though declared to read, is a fault', async () => {
  const side = sides.source;
  const database = await side.connect();
  const faults = () => database.fitness.accountFaults(soon());
  const during = async (begin: string, end: string) => {
    await side.ask(begin);
    const found = await faults();
    await side.ask(end);
    return found.map(({ account, fault }) => `${account} ${fault}`);
  };
  expect(await during('ALTER ROLE billing_app SUPERUSER', 'ALTER ROLE billing_app NOSUPERUSER')).toEqual([
    'billing_app is a superuser: no fence holds it',
  ]);
  expect(await during('ALTER ROLE billing_app CREATEROLE', 'ALTER ROLE billing_app NOCREATEROLE')).toEqual([
    'billing_app has CREATEROLE: it could unlock accounts',
  ]);
  const owned = await during(
    'ALTER TABLE billing.customers OWNER TO billing_app',
    'ALTER TABLE billing.customers OWNER TO billing_owner',
  );
  expect(owned).toEqual(['billing_app owns billing.customers']);
  const written = await during(
    'GRANT UPDATE (name) ON billing.customers TO billing_report; GRANT TRUNCATE ON billing.invoices TO billing_report',
    'REVOKE UPDATE (name) ON billing.customers FROM billing_report; REVOKE TRUNCATE ON billing.invoices FROM billing_report',
  );
  expect(written).toEqual(['billing_report may write billing.customers and 1 more migrated tables']);
  // Not inherited, yet SET ROLE reaches it.
  const member = await during(
    'ALTER ROLE billing_report NOINHERIT; GRANT billing_worker TO billing_report',
    'REVOKE billing_worker FROM billing_report; ALTER ROLE billing_report INHERIT',
  );
  expect(member).toEqual([
    'billing_report may write billing.customers and 1 more migrated tables as billing_worker',
    'billing_report is a member of the write account billing_worker',
  ]);
  expect(await faults()).toEqual([]);
  await database.close();
});

test('settings, keys and triggers that stand in the way are named', async () => {
  const side = sides.target;
  await side.ask(`CREATE TABLE billing.keyless (a int); CREATE TABLE billing.tmp_keyless (a int); CREATE TABLE public.keyless ();
    CREATE FUNCTION billing.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER ordinary BEFORE INSERT ON billing.keyless FOR EACH ROW EXECUTE FUNCTION billing.nothing();
    CREATE TRIGGER always BEFORE INSERT ON billing.keyless FOR EACH ROW EXECUTE FUNCTION billing.nothing();
    ALTER TABLE billing.keyless ENABLE ALWAYS TRIGGER always;
    CREATE TRIGGER "it's replica" BEFORE INSERT ON billing.keyless FOR EACH ROW EXECUTE FUNCTION billing.nothing();
    ALTER TABLE billing.keyless ENABLE REPLICA TRIGGER "it's replica";
    CREATE RULE quiet AS ON DELETE TO billing.keyless DO INSTEAD NOTHING;
    ALTER TABLE billing.keyless ENABLE ALWAYS RULE quiet`);
  await side.ask(`ALTER SYSTEM SET wal_sender_timeout = '5s'`);
  await side.ask(`ALTER SYSTEM SET max_replication_slots = 1`);
  await side.ask(`ALTER SYSTEM SET wal_level = replica`);
  await side.engine.restart();
  const database = await side.connect();
  expect(await database.fitness.tablesWithoutKey(soon())).toEqual(['billing.keyless']);
  expect(await database.fitness.firingTriggers(soon())).toEqual([
    `"it's replica" on billing.keyless`,
    'always on billing.keyless',
    'rule quiet on billing.keyless',
  ]);
  expect(await database.fitness.settingFaults(soon())).toEqual([
    { setting: 'wal_level', value: 'replica', needed: 'logical' },
    { setting: 'max_replication_slots', value: '1', needed: 'at least 2' },
    { setting: 'wal_sender_timeout', value: '5000 ms', needed: '0 or at least 10000 ms' },
  ]);
  await database.close();
});

test('what DMS could not apply is counted, and what it suspended is named', async () => {
  const side = sides.source;
  await side.ask(`CREATE SCHEMA awsdms_control AUTHORIZATION cutover_replication; SET ROLE cutover_replication;
    CREATE TABLE awsdms_control.awsdms_apply_exceptions ("TASK_NAME" varchar(128), "ERROR" text);
    CREATE TABLE awsdms_control.awsdms_suspended_tables (task_name varchar(128), table_owner varchar(128), table_name varchar(128));
    INSERT INTO awsdms_control.awsdms_apply_exceptions VALUES ('forward', 'one'), ('reverse', 'two');
    INSERT INTO awsdms_control.awsdms_suspended_tables VALUES ('forward', 'billing', 'customers'), ('load', 'billing', 'customers');
    RESET ROLE; GRANT cutover_replication TO cutover_runbook`);
  const database = await side.connect();
  expect(await database.fitness.exceptionRows(soon())).toBe(2);
  expect(await database.fitness.suspendedTables(soon())).toEqual(['billing.customers']);
  await database.close();
});

test('what an account may do elsewhere and not on the target is named with the grants that bring it', async () => {
  const side = sides.target;
  const database = await side.connect();
  const full = await database.fitness.tableGrants(soon());
  const wanted = full.filter(
    ({ account, kind, object }) => account === 'billing_app' && kind === 'table' && object !== 'billing.keyless',
  );
  expect(wanted).toEqual(
    ['billing.customers', 'billing.invoices'].map((object) => ({
      ...{ account: 'billing_app', kind: 'table', object },
      privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    })),
  );
  expect(await database.fitness.missingGrants(wanted, soon())).toEqual([]);
  await side.ask(`CREATE TABLE billing.counted (id serial PRIMARY KEY); ALTER TABLE billing.counted OWNER TO billing_owner;
    REVOKE ALL ON billing.counted, billing.customers, billing.counted_id_seq FROM billing_app, PUBLIC;
    REVOKE USAGE ON SCHEMA billing FROM billing_app, PUBLIC; REVOKE UPDATE ON billing.invoices FROM billing_app`);
  const privileges = ['SELECT', 'INSERT'] as const;
  const counted = { account: 'billing_app', kind: 'table', object: 'billing.counted', privileges } as const;
  const missing = await database.fitness.missingGrants([...wanted, counted], soon());
  expect(missing.map(({ privilege }) => privilege)).toEqual([
    'billing_app: USAGE on schema billing',
    'billing_app: SELECT, INSERT on billing.counted',
    'billing_app: SELECT, INSERT, UPDATE, DELETE on billing.customers',
    'billing_app: UPDATE on billing.invoices',
    'billing_app: USAGE on sequence billing.counted_id_seq',
  ]);
  for (const { grant } of missing) await side.ask(grant);
  expect(await database.fitness.missingGrants([...wanted, counted], soon())).toEqual([]);
  const app = await side.session('billing_app');
  await app.query('INSERT INTO billing.counted DEFAULT VALUES');
  await app.end();
  await side.ask('DROP TABLE billing.counted');
  await database.close();
});

test('so is what it may do with single columns, views and routines', async () => {
  const side = sides.target;
  await side.ask(`SET ROLE billing_owner; CREATE VIEW billing.names AS SELECT id FROM billing.customers;
    CREATE VIEW billing.counts AS SELECT count(*) AS n FROM billing.customers;
    CREATE TABLE billing.ledger (id bigint PRIMARY KEY, "Amount" int, note text);
    CREATE FUNCTION billing.one(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION billing.one(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE PROCEDURE billing.two() LANGUAGE sql AS 'SELECT 2'; RESET ROLE;
    REVOKE EXECUTE ON ROUTINE billing.one(int), billing.one(text), billing.two() FROM PUBLIC;
    REVOKE ALL ON billing.ledger, billing.names, billing.counts FROM PUBLIC, billing_app, billing_worker, billing_report;
    GRANT USAGE ON SCHEMA billing TO billing_app; GRANT ALL ON billing.names, billing.counts TO billing_app;
    GRANT SELECT (id, "Amount"), INSERT (id) ON billing.ledger TO billing_app; GRANT EXECUTE ON FUNCTION billing.one(int) TO billing_app`);
  const database = await side.connect();
  const added = ['billing.ledger', 'billing.names', 'billing.counts', 'billing.one', 'billing.two'];
  const held = (await database.fitness.tableGrants(soon())).filter(
    ({ account, object }) => account === 'billing_app' && added.includes(object),
  );
  expect(held).toEqual([
    {
      ...{ account: 'billing_app', kind: 'table', object: 'billing.ledger', privileges: [] },
      columns: [
        { privilege: 'SELECT', names: ['Amount', 'id'] },
        { privilege: 'INSERT', names: ['id'] },
      ],
    },
    // Nobody could write what only counts.
    { account: 'billing_app', kind: 'view', object: 'billing.counts', privileges: ['SELECT'] },
    ...[{ account: 'billing_app', kind: 'view', object: 'billing.names' }].map((each) => ({
      ...each,
      privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    })),
    { account: 'billing_app', kind: 'routine', object: 'billing.one', privileges: ['EXECUTE'] },
  ]);
  expect(await database.fitness.missingGrants(held, soon())).toEqual([]);

  const wanted = held.map((grant) => ({ ...grant, account: 'billing_worker' }));
  await side.ask('REVOKE USAGE ON SCHEMA billing FROM billing_worker');
  const absent = [
    { account: 'billing_worker', kind: 'routine', object: 'billing.not_here', privileges: ['EXECUTE'] },
    {
      account: 'billing_worker',
      kind: 'table',
      object: 'billing.ledger',
      privileges: [],
      columns: [{ privilege: 'SELECT', names: ['gone'] }],
    },
  ] as const;
  const missing = await database.fitness.missingGrants([...wanted, ...absent], soon());
  expect(missing).toEqual([
    { privilege: 'billing_worker: USAGE on schema billing', grant: 'GRANT USAGE ON SCHEMA billing TO billing_worker' },
    {
      privilege: 'billing_worker: SELECT on billing.counts',
      grant: 'GRANT SELECT ON billing.counts TO billing_worker',
    },
    {
      privilege: 'billing_worker: SELECT, INSERT, UPDATE, DELETE on billing.names',
      grant: 'GRANT SELECT, INSERT, UPDATE, DELETE ON billing.names TO billing_worker',
    },
    {
      privilege: 'billing_worker: SELECT (Amount, id), INSERT (id) on billing.ledger',
      grant: 'GRANT SELECT ("Amount", id), INSERT (id) ON billing.ledger TO billing_worker',
    },
    {
      privilege: 'billing_worker: EXECUTE on billing.one',
      grant: 'GRANT EXECUTE ON ROUTINE billing.one(integer), billing.one(text) TO billing_worker',
    },
  ]);
  for (const { grant } of missing) await side.ask(grant);
  expect(await database.fitness.missingGrants(wanted, soon())).toEqual([]);
  await side.ask(
    `DROP VIEW billing.names, billing.counts; DROP TABLE billing.ledger; DROP ROUTINE billing.one(int), billing.one(text), billing.two()`,
  );
  await database.close();
});
