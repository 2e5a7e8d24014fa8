import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { createCertificateAuthority } from '../../../../rehearsal/engines/certificate-authority';
import type { Manifest } from '../../../../definition/manifest/sections';
import type { ConnectOptions } from '../../../../runbooks/adapters/database/connecting';
import { connectionFailure } from '../../../../runbooks/adapters/postgres/connection-failure';
import { refuseUnfit } from '../../../../runbooks/adapters/postgres/server-facts';
import { failureOf, passwords, soon, startTwoSides, type TwoSides } from './two-sides';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides();
});
afterAll(() => sides.close());

const failing = async (overrides: Partial<ConnectOptions>, change?: (manifest: Manifest) => void) => {
  const manifest = structuredClone(sides.manifest);
  change?.(manifest);
  return failureOf(sides.source.connect({ manifest, ...overrides }));
};

test('a server that cannot be used as declared is named with its address, the account and the cause', async () => {
  const { host, port } = sides.source.engine;
  const at = `the source database at ${host}:${port} cannot be used by account cutover_runbook: `;
  const wrong = await failing({ credentials: { username: 'cutover_runbook', password: 'planted-secret' } });
  expect(wrong).toMatchObject({ name: 'UsageError', code: 'database-wrong-password', message: `${at}wrong password` });
  expect(JSON.stringify([wrong.message, wrong.next, wrong.stack])).not.toContain('planted-secret');

  const other = await createCertificateAuthority();
  const authority = await failing({ certificateAuthorityPem: other.certificatePem });
  expect(authority.code).toBe('database-certificate-of-another-authority');
  expect(authority.message).toContain(`${at}the certificate is not signed by the given certificate authority`);

  const alias = await failing(
    {},
    (manifest) => (manifest.databases.source.tlsServerName = 'target.databases.example.internal'),
  );
  expect(alias).toMatchObject({ code: 'database-certificate-of-another-host' });
  expect(alias.message).toContain('it does not carry target.databases.example.internal');
  // The name that is dialled is not what the certificate is checked against.
  const dialled = await failing({}, (manifest) => {
    manifest.databases.source.host = 'localhost';
    manifest.databases.source.port = 1;
  });
  expect(dialled).toMatchObject({ name: 'UsageError', code: 'database-unreachable' });
  expect(dialled.message).toContain('localhost:1');

  const missing = await failing({}, (manifest) => (manifest.databases.source.database = 'nowhere'));
  expect(missing).toMatchObject({ code: 'database-no-such-database' });
  const locked = await failing({ credentials: { username: 'billing_owner', password: 'x' } });
  expect(locked.code).toMatch(/^database-(wrong-password|login-refused)$/);
});

test('a server without TLS, an expired certificate, an old version and a full server are told apart', async () => {
  const plaintext = createServer((socket) => socket.once('data', () => socket.end('N')));
  await new Promise<void>((resolve) => plaintext.listen(0, '127.0.0.1', resolve));
  const { port } = plaintext.address() as AddressInfo;
  const failure = await failing({}, (manifest) => {
    Object.assign(manifest.databases.source, { host: '127.0.0.1', port });
  });
  plaintext.close();
  expect(failure).toMatchObject({ code: 'database-no-tls', next: 'turn ssl on in the server' });

  const address = { host: 'h', port: 1, database: 'd', tlsServerName: 'n', certificateAuthorityPem: '' };
  const codeOf = (error: object) => connectionFailure(error, 'source', address, 'a').code;
  expect(codeOf({ code: 'CERT_HAS_EXPIRED', message: 'certificate has expired' })).toBe(
    'database-certificate-not-valid',
  );
  expect(codeOf({ code: '53300', severity: 'FATAL', message: 'sorry' })).toBe('database-too-many-connections');
  const facts = { version: '12.22', versionNumber: 120022, isReader: false, account: 'a' };
  expect(() => refuseUnfit(facts, 'source database')).toThrow('older than PostgreSQL 13');
});

test('nothing of the environment turns TLS off or reaches into the session', async () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    PGSSLMODE: 'disable',
    PGOPTIONS: '-c search_path=billing',
    PGAPPNAME: 'x',
    PGUSER: 'x',
    PGPASSWORD: 'x',
  });
  try {
    const database = await sides.source.connect({ mode: 'plan' });
    const ask = async (sql: string) => Object.values((await database.reader.query(sql, [], soon()))[0] ?? {})[0];
    expect(await ask(`SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()`)).toBe('true');
    expect(await ask('SHOW search_path')).toBe('pg_catalog');
    expect(await ask('SHOW application_name')).toBe('cutover-read:billing');
    await database.close();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
});

test('limits and formats that a database or role sets do not reach our sessions', async () => {
  const side = sides.target;
  await side.ask(`ALTER ROLE cutover_runbook SET statement_timeout = '1ms'; ALTER ROLE cutover_runbook SET datestyle = 'German';
    ALTER ROLE cutover_runbook SET idle_session_timeout = '500ms'; ALTER ROLE cutover_runbook SET transaction_timeout = '500ms';
    ALTER DATABASE billing SET default_transaction_read_only = on; ALTER DATABASE billing SET synchronous_commit = off`);
  const database = await side.started(2);
  const [row] = await database.reader.query(
    `SELECT '2026-03-04'::date AS day, pg_sleep(0.8)::text AS slept`,
    [],
    soon(),
  );
  expect(row?.['day']).toBe('2026-03-04');
  await database.flow.writeMarker('forward', 'written').act(soon());
  await side.ask('ALTER ROLE cutover_runbook RESET ALL; ALTER DATABASE billing RESET ALL', [], 'postgres');
  await database.close();
});

test('a reader writes nothing, however it is asked', async () => {
  const side = sides.source;
  const database = await side.started();
  const refused = async (sql: string, values: unknown[] = []) =>
    (await failureOf(database.reader.query(sql, values, soon()))).message;
  const insert = `INSERT INTO billing.customers (name) VALUES ('x')`;
  expect(await refused(insert)).toContain('read-only transaction');
  expect(await refused(`COMMIT; ${insert}`)).toContain('multiple commands');
  await database.reader.query(`SELECT set_config('default_transaction_read_only', 'off', false)`, [], soon());
  await Promise.all(Array.from({ length: 6 }, async () => expect(await refused(insert)).toContain('read-only')));
  expect(await refused(`SELECT set_config('transaction_read_only', 'off', false)`)).toContain('read-write mode');
  expect(await refused('SELECT setval($1, 5)', ['billing.customers_id_seq'])).toContain('read-only');
  await database.close();
});

test('values come back as the engine’s text', async () => {
  const database = await sides.source.connect({ mode: 'plan' });
  const [row] = await database.reader.query(
    `SELECT 9223372036854775807::bigint AS big, 1.10::numeric(9,2) AS exact, true AS truth, NULL::int AS nothing,
            '2026-01-02 03:04:05.678901+02'::timestamptz AS at, '{"a": 1.50}'::jsonb AS json, '\\x00ff'::bytea AS bytes,
            $1::text AS given`,
    [`it's "hostile"; --`],
    soon(),
  );
  expect(row).toEqual({
    big: '9223372036854775807',
    exact: '1.10',
    truth: 't',
    nothing: null,
    at: '2026-01-02 01:04:05.678901+00',
    json: '{"a": 1.50}',
    bytes: '\\x00ff',
    given: `it's "hostile"; --`,
  });
  await database.close();
});

test('rows that row security would hide are an error, never a smaller answer', async () => {
  const side = sides.source;
  await side.ask(`CREATE TABLE billing.guarded (id int PRIMARY KEY); INSERT INTO billing.guarded VALUES (1);
    GRANT SELECT ON billing.guarded TO cutover_runbook; ALTER TABLE billing.guarded ENABLE ROW LEVEL SECURITY`);
  const database = await side.connect({ mode: 'plan' });
  const failure = await failureOf(database.reader.query('SELECT * FROM billing.guarded', [], soon()));
  expect(failure.message).toContain('row-level security');
  await side.ask('DROP TABLE billing.guarded');
  await database.close();
});

test('a read that is aborted ends at once, in the server too, and its connection is of use again', async () => {
  const side = sides.source;
  const database = await side.connect({ mode: 'plan' });
  const sleeping = () =>
    side.ask(
      `SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid()`,
    );
  const stop = new AbortController();
  const reads = Array.from({ length: 5 }, () =>
    failureOf(database.reader.query('SELECT pg_sleep(600)::text', [], stop.signal)),
  );
  while ((await sleeping()).length < 3);
  stop.abort(new Error('stopped'));
  expect((await Promise.all(reads)).map((failure) => failure.message)).toEqual(Array(5).fill('stopped'));
  while ((await sleeping()).length > 0);
  const many = Array.from({ length: 20 }, () => database.reader.query('SELECT 1::text AS one', [], soon()));
  expect((await Promise.all(many)).flat()).toHaveLength(20);
  const [{ count } = {}] = await database.reader.query(
    `SELECT count(*)::text AS count FROM pg_stat_activity WHERE application_name = 'cutover-read:billing'`,
    [],
    soon(),
  );
  expect(Number(count)).toBeLessThanOrEqual(3);
  await database.close();
});

test('reading connections come back after the server ended them; connecting can be aborted', async () => {
  const side = sides.source;
  const database = await side.connect({ mode: 'plan' });
  await side.ask(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'cutover-read:billing'`,
  );
  const again = async () => (await database.reader.query('SELECT 1::text AS one', [], soon()))[0];
  // The first may still meet the connection that is just ending.
  expect(await again().catch(again)).toEqual({ one: '1' });
  await database.close();
  await expect(database.reader.query('SELECT 1', [], soon())).rejects.toThrow('closed');
  await expect(side.connect({ signal: AbortSignal.abort(new Error('not now')) })).rejects.toThrow('not now');
});

test('no password stands in what the server shows of our sessions', async () => {
  const side = sides.source;
  const database = await side.started(9);
  const shown = (await side.ask(`SELECT string_agg(a::text, ' ') FROM pg_stat_activity a`))[0];
  for (const password of Object.values(passwords)) expect(shown).not.toContain(password);
  await database.close();
});

test('a reader endpoint is refused', async () => {
  const side = sides.target;
  await side.engine.stop();
  writeFileSync(path.join(path.dirname(side.engine.logFile), 'target', 'data', 'standby.signal'), '');
  await side.engine.restart();
  expect(await failureOf(side.connect({ mode: 'plan' }))).toMatchObject({
    code: 'database-reader',
    message: expect.stringContaining('is a reader') as string,
  });
});
