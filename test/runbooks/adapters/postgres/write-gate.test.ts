import { escapeIdentifier } from 'pg';
import { failureOf, passwords, perform, soon, startTwoSides, type TwoSides } from './two-sides';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides();
});
afterAll(() => sides.close());

describe.each(['source', 'target'] as const)('on the %s', (name) => {
  test('a fence locks, ends and proves; open takes back exactly that', async () => {
    const side = sides[name];
    const database = await side.started();
    expect((await database.gate.read(soon())).unlockedAccounts).toEqual(['billing_app', 'billing_worker']);
    expect(await perform(database.gate.fence())).toBe('applied');
    await perform(database.gate.endSessions());
    expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
    expect(await database.gate.read(soon())).toEqual({
      unlockedAccounts: [],
      fencedAccounts: ['billing_app', 'billing_worker'],
      missingAccounts: [],
    });
    expect(await perform(database.gate.fence())).toBe('already');
    await expect(side.session('billing_app')).rejects.toThrow('not permitted to log in');
    const refused = await failureOf(perform(database.gate.proveWrite(side.engine)));
    expect(refused.message).toContain('account billing_app');

    expect(await perform(database.gate.open())).toBe('applied');
    expect(await perform(database.gate.open())).toBe('already');
    expect((await database.gate.read(soon())).fencedAccounts).toEqual([]);
    await perform(database.gate.proveWrite(side.engine));
    expect(await side.ask('SELECT account FROM cutover_local.write_proof ORDER BY 1')).toEqual([
      'billing_app',
      'billing_worker',
    ]);
    await database.close();
  });

  test('whoever was let in by hand is seen behind the fence, also when the lock is back and the session stayed', async () => {
    const side = sides[name];
    const database = await side.started();
    await perform(database.gate.fence());
    await perform(database.gate.endSessions());
    expect(await database.gate.whyNotClosed(soon())).toBeUndefined();
    const why = () => database.gate.whyNotClosed(AbortSignal.timeout(300));
    await side.ask('ALTER ROLE billing_app LOGIN');
    expect(await why()).toMatchObject({ code: 'account-not-locked', value: 1 });
    const session = await side.session('billing_app');
    await side.ask('ALTER ROLE billing_app NOLOGIN');
    expect(await why()).toMatchObject({ code: 'session-under-fence', value: 1 });
    await session.end();
    expect(await database.gate.whyNotClosed(soon())).toBeUndefined();
    await perform(database.gate.open());
    await database.close();
  });

  test('sessions of write accounts are ended with their transactions, all others stay', async () => {
    const side = sides[name];
    const database = await side.started();
    const [app, other, report, replication] = await Promise.all([
      side.session('billing_app'),
      side.session('billing_worker'),
      side.session('billing_report'),
      side.session('cutover_replication'),
    ]);
    await app.query(`BEGIN; INSERT INTO billing.customers (name) VALUES ('never committed')`);
    await perform(database.gate.fence());
    // Locked is not ended: whoever is in still writes.
    await other.query(`INSERT INTO billing.customers (name) VALUES ('after the lock')`);
    await perform(database.gate.endSessions());
    await failureOf(app.query('COMMIT'));
    await failureOf(other.query('SELECT 1'));
    await report.query('SELECT count(*) FROM billing.customers');
    await replication.query(`INSERT INTO billing.customers (name) VALUES ('replicated')`);
    expect(await side.ask('SELECT name FROM billing.customers ORDER BY 1')).toEqual(['after the lock', 'replicated']);
    await perform(database.gate.open());
    await side.ask('DELETE FROM billing.customers');
    await Promise.all([report.end(), replication.end(), database.close()]);
  });

  test('accounts of any name are locked and unlocked; those that could not log in before cannot afterwards', async () => {
    const side = sides[name];
    const hostile = ['Mixed Case', `quote"d; DROP ROLE billing_app; --`, `it's`, 'naïve 日本', '%I', '$1'];
    for (const account of hostile) {
      await side.ask(`CREATE ROLE ${escapeIdentifier(account)} LOGIN`);
      await side.ask(`GRANT ${escapeIdentifier(account)} TO cutover_runbook WITH ADMIN OPTION`);
    }
    const untouched = ['rdsadmin_like', 'sleeping', 'boss'];
    await side.ask('CREATE ROLE rdsadmin_like LOGIN; CREATE ROLE sleeping NOLOGIN; CREATE ROLE boss SUPERUSER LOGIN');
    const canLogIn = async (accounts: string[]) =>
      side.ask('SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname = ANY ($1) ORDER BY rolname', [accounts]);

    const database = await side.started();
    expect((await database.fitness.undeclaredAccounts(soon())).sort()).toEqual([...hostile].sort());
    await perform(database.gate.fence());
    expect(await canLogIn(hostile)).toEqual([]);
    expect(await canLogIn(untouched)).toEqual(['boss', 'rdsadmin_like']);
    expect((await database.gate.read(soon())).fencedAccounts).toEqual(expect.arrayContaining(hostile));
    await perform(database.gate.open());
    expect((await canLogIn(hostile)).length).toBe(hostile.length);
    expect(await canLogIn(['sleeping'])).toEqual([]);
    for (const account of [...hostile, ...untouched]) await side.ask(`DROP ROLE ${escapeIdentifier(account)}`);
    await database.close();
  });

  test('the rehearsal of the fence leaves nothing, not even what a killed one had left', async () => {
    const side = sides[name];
    const database = await side.started();
    await side.ask(`CREATE ROLE cutover_canary_billing LOGIN PASSWORD 'left'`);
    await side.ask('GRANT cutover_canary_billing TO cutover_runbook WITH ADMIN OPTION');
    await perform(database.gate.rehearseFence());
    expect(await side.ask(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'cutover_canary%'`)).toEqual([]);

    await side.ask('REVOKE pg_signal_backend FROM cutover_runbook');
    // On 15 membership in the canary would do, on 17 nothing else does.
    const missing = await database.fitness.missingPrivileges(soon());
    const failure = name === 'target' ? await failureOf(perform(database.gate.rehearseFence())) : undefined;
    await side.ask('GRANT pg_signal_backend TO cutover_runbook');
    // A member of every account may end their sessions without it.
    expect(missing).toEqual([]);
    if (failure) expect(failure.message).toContain('permission denied to terminate process');
    expect(await side.ask(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'cutover_canary%'`)).toEqual([]);
    await database.close();
  });
});

test('write accounts that a team created locked are adopted by the fence that says so, and opened', async () => {
  const side = sides.target;
  const database = await side.started();
  await side.ask('ALTER ROLE billing_app NOLOGIN; ALTER ROLE billing_worker NOLOGIN');
  expect(await perform(database.gate.fence())).toBe('already');
  expect((await database.gate.read(soon())).fencedAccounts).toEqual([]);
  expect(await perform(database.gate.fence({ adoptsLocked: true }))).toBe('applied');
  expect(await perform(database.gate.fence({ adoptsLocked: true }))).toBe('already');
  expect(await perform(database.gate.open())).toBe('applied');
  expect((await database.gate.read(soon())).unlockedAccounts).toEqual(['billing_app', 'billing_worker']);
  await database.close();
});

test('a write account that was locked by hand on the open side stays so when the switch is unwound', async () => {
  const side = sides.target;
  const database = await side.started();
  await side.ask('ALTER ROLE billing_worker NOLOGIN');
  await perform(database.gate.fence());
  await perform(database.gate.open());
  expect((await database.gate.read(soon())).unlockedAccounts).toEqual(['billing_app']);
  await side.ask('ALTER ROLE billing_worker LOGIN');
  await database.close();
});

test('a secret that cannot be fetched is found out before anything is locked', async () => {
  const loginSecret = async () => Promise.reject(new Error('no such secret'));
  const database = await sides.target.started(1, { loginSecret });
  expect((await failureOf(perform(database.gate.fence()))).message).toBe('no such secret');
  expect((await database.gate.read(soon())).unlockedAccounts).toEqual(['billing_app', 'billing_worker']);
  await database.close();
});

test('a write proof cannot land on the other side', async () => {
  const database = await sides.source.started();
  const failure = await failureOf(perform(database.gate.proveWrite(sides.target.engine)));
  expect(failure.code).toBe('database-certificate-of-another-host');
  expect(await sides.target.ask(`SELECT to_regclass('cutover_local.write_proof')::text`)).toBeDefined();
  await database.close();
});

test('declared accounts that do not exist are named', async () => {
  const manifest = structuredClone(sides.manifest);
  manifest.accounts.read.push({ name: 'nobody_there', secretId: 'x' });
  const database = await sides.source.connect({ manifest });
  expect((await database.gate.read(soon())).missingAccounts).toEqual(['nobody_there']);
  await database.close();
});

test('an account that the runbook may not lock fails the whole fence, and names itself', async () => {
  const side = sides.target;
  const database = await side.started();
  await side.ask('CREATE ROLE out_of_reach LOGIN');
  expect(await database.fitness.missingPrivileges(soon())).toEqual([
    { privilege: 'ADMIN OPTION on out_of_reach', grant: 'GRANT out_of_reach TO cutover_runbook WITH ADMIN OPTION' },
  ]);
  const failure = await failureOf(perform(database.gate.fence()));
  expect(failure.message).toMatch(/permission denied to alter role.*out_of_reach.*target database/s);
  expect(await database.gate.read(soon())).toMatchObject({
    unlockedAccounts: ['billing_app', 'billing_worker'],
    fencedAccounts: [],
  });
  await side.ask('DROP ROLE out_of_reach');
  await database.close();
});

test('no password of the canary reaches the server’s log', async () => {
  const side = sides.source;
  await side.ask(`ALTER SYSTEM SET log_statement = 'all'`);
  await side.ask('SELECT pg_reload_conf()');
  const database = await side.started();
  await perform(database.gate.rehearseFence());
  const { readFileSync } = await import('node:fs');
  const log = readFileSync(side.engine.logFile, 'utf8');
  expect(log).toMatch(/CREATE ROLE "cutover_canary_billing" LOGIN PASSWORD 'SCRAM-SHA-256\$4096:/);
  for (const password of Object.values(passwords)) expect(log).not.toContain(`statement: ${password}`);
  await side.ask('ALTER SYSTEM RESET log_statement');
  await side.ask('SELECT pg_reload_conf()');
  await database.close();
});
