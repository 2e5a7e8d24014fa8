import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { createCertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import type { CertificateAuthority } from '../../../rehearsal/engines/certificate-authority';
import { startPostgres } from '../../../rehearsal/engines/postgres';
import type { Engine, PostgresOptions } from '../../../rehearsal/engines/postgres';
import { chooseAddresses } from '../../../rehearsal/processes/addresses';
import type { RehearsalAddresses } from '../../../rehearsal/processes/addresses';
import { startGuardian } from '../../../rehearsal/processes/guardian';
import type { Guardian } from '../../../rehearsal/processes/guardian';
import { createRunFolder } from '../../../rehearsal/processes/run-folder';
import { groupIsAlive } from '../../../rehearsal/processes/signals';

let runFolder: string;
let guardian: Guardian;
let authority: CertificateAuthority;
let addresses: RehearsalAddresses;
let source: Engine;
let target: Engine;

beforeAll(async () => {
  runFolder = createRunFolder();
  guardian = startGuardian(runFolder);
  authority = await createCertificateAuthority();
  addresses = await chooseAddresses();
  source = await startPostgres(await optionsFor('source'));
  target = await startPostgres(await optionsFor('target'));
});

afterAll(() => guardian.close());

async function optionsFor(name: 'source' | 'target'): Promise<PostgresOptions> {
  const address = addresses[name];
  return {
    ...address,
    ...{ majorVersion: name === 'source' ? 15 : 17, runFolder, name, superuserPassword: "it's secret", guardian },
    tls: {
      ...(await authority.issue([`billing-${name}.databases.rehearsal.internal`])),
      authorityPem: authority.certificatePem,
    },
    settings: { log_statement: 'ddl', log_line_prefix: "it's %p " },
  };
}

async function ask<T = string>(config: ClientConfig, sql: string): Promise<T> {
  const client = new Client(config);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return Object.values((await client.query<Record<string, T>>(sql)).rows[0] ?? {})[0] as T;
  } finally {
    await client.end();
  }
}

test('two major versions run side by side on one port, set up for logical replication', async () => {
  expect(await ask(source.superuser, "SELECT current_setting('server_version')")).toMatch(/^15\./);
  expect(await ask(target.superuser, "SELECT current_setting('server_version')")).toMatch(/^17\./);
  expect(source.port).toBe(target.port);
  const settings = `SELECT json_object_agg(name, setting) FROM pg_settings WHERE name IN ('wal_level',
    'track_commit_timestamp', 'max_replication_slots', 'max_prepared_transactions', 'ssl', 'unix_socket_directories',
    'listen_addresses', 'log_statement', 'password_encryption')`;
  expect(await ask(source.superuser, settings)).toEqual({
    wal_level: 'logical',
    track_commit_timestamp: 'on',
    max_replication_slots: '20',
    max_prepared_transactions: '10',
    ssl: 'on',
    unix_socket_directories: '',
    listen_addresses: addresses.source.host,
    log_statement: 'ddl',
    password_encryption: 'scram-sha-256',
  });
  expect(
    await ask(source.superuser, "SELECT pg_create_logical_replication_slot('probe', 'test_decoding', true)"),
  ).toContain('probe');
});

test('the engines run as an account without privileges', () => {
  const owner = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${source.processId}/status`, 'utf8'))?.[1]);
  expect(owner).toBe(process.getuid?.() === 0 ? 65534 : process.getuid?.());
});

describe('connections', () => {
  test('without TLS are refused', async () => {
    await expect(ask({ ...source.superuser, ssl: false }, 'SELECT 1')).rejects.toThrow('no encryption');
  });
  test('with a wrong password are refused', async () => {
    await expect(ask({ ...source.superuser, password: 'wrong' }, 'SELECT 1')).rejects.toThrow(
      'password authentication',
    );
  });
  test('meet a certificate that carries its own name only', async () => {
    const ssl = { ca: authority.certificatePem, servername: 'billing-target.databases.rehearsal.internal' };
    await expect(ask({ ...source.superuser, ssl }, 'SELECT 1')).rejects.toThrow(
      "does not match certificate's altnames",
    );
  });
  test('trust this run’s authority only', async () => {
    const other = await createCertificateAuthority();
    const ssl = { ca: other.certificatePem, servername: 'billing-source.databases.rehearsal.internal' };
    await expect(ask({ ...source.superuser, ssl }, 'SELECT 1')).rejects.toThrow('certificate');
  });
});

test('the authority is small and its certificates carry names and addresses', async () => {
  expect(authority.certificatePem.length).toBeLessThan(1_000);
  const { certificatePem } = await authority.issue(['a.rehearsal.internal', '127.1.2.3']);
  expect(certificatePem).toMatch(/^-----BEGIN CERTIFICATE-----/);
  await expect(authority.issue([])).rejects.toThrow('at least one');
});

test('a taken port is refused before anything is created', async () => {
  const before = readdirSync(runFolder);
  const options = await optionsFor('source');
  await expect(startPostgres({ ...options, name: 'second' })).rejects.toThrow(
    `engine second cannot listen on ${options.host}:${options.port}: another process does`,
  );
  expect(readdirSync(runFolder)).toEqual(before);
});

test('a setting that the engine refuses stands in the error', async () => {
  const { source: free } = await chooseAddresses();
  const options = { ...(await optionsFor('source')), ...free, name: 'broken', settings: { wal_level: 'extreme' } };
  await expect(startPostgres(options)).rejects.toThrow(
    /engine broken did not start[^]*invalid value for parameter "wal_level"/,
  );
});

test('a killed engine is gone with its backends, and comes back with what was committed', async () => {
  await ask(target.superuser, 'CREATE TABLE kept AS SELECT 1 AS value');
  const busy = new Client(target.superuser);
  const lost = new Promise<Error>((resolve) => busy.on('error', resolve));
  await busy.connect();
  const backend = (await busy.query<{ id: number }>('SELECT pg_backend_pid() AS id')).rows[0]!.id;
  const endless = busy.query('SELECT count(*) FROM generate_series(1, 10000000000)').catch(() => undefined);
  const before = target.processId;
  await target.kill();
  expect([before, backend].map(groupIsAlive)).toEqual([false, false]);
  await Promise.all([lost, endless]);
  await target.restart();
  expect(target.processId).not.toBe(before);
  expect(await ask<number>(target.superuser, 'SELECT value FROM kept')).toBe(1);
});

test('a stopped engine is gone although a session was open, and can be started again', async () => {
  const open = new Client(source.superuser);
  const lost = new Promise<Error>((resolve) => open.on('error', resolve));
  await open.connect();
  await open.query('BEGIN');
  await source.stop();
  await source.stop();
  expect((await lost).message).toContain('terminating connection due to administrator command');
  expect(groupIsAlive(source.processId)).toBe(false);
  await source.restart();
  expect(await ask<number>(source.superuser, 'SELECT 1')).toBe(1);
});

test('nothing secret can be read by others, and the file of the password is gone', () => {
  expect(statSync(source.logFile).mode & 0o077).toBe(0);
  expect(statSync(path.join(runFolder, 'source/data')).mode & 0o077).toBe(0);
  expect(readdirSync(path.join(runFolder, 'source'))).toEqual(['data']);
});
