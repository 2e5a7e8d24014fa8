import { execFile } from 'node:child_process';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Guardian } from '../processes/guardian';
import { engineAccount, engineEnvironment, giveToEngine, writeForEngine } from './engine-account';
import type { PostgresBinaries } from './postgres-binaries';

export interface ClusterOptions {
  readonly folder: string;
  readonly binaries: PostgresBinaries;
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly certificatePem: string; readonly privateKeyPem: string };
  readonly settings: Readonly<Record<string, string>>;
  readonly superuserPassword: string;
  readonly guardian?: Guardian;
}

/** Encrypted and by password for everybody, the superuser included; no line for plaintext or Unix sockets exists. */
const clientAuthentication = `# type  database     user  address  method
hostssl all          all   all      scram-sha-256
hostssl replication  all   all      scram-sha-256
`;

/** Creates the data folder with `initdb` and writes its configuration. Returns the data folder. */
export async function createCluster(options: ClusterOptions): Promise<string> {
  const data = path.join(options.folder, 'data');
  await mkdir(data, { mode: 0o700 });
  await giveToEngine(data);
  const passwordFile = await writeForEngine(path.join(options.folder, 'password'), `${options.superuserPassword}\n`);
  await initialise(options, data, passwordFile);
  await rm(passwordFile);
  await writeForEngine(path.join(data, 'server.crt'), options.tls.certificatePem);
  await writeForEngine(path.join(data, 'server.key'), options.tls.privateKeyPem);
  await writeForEngine(path.join(data, 'pg_hba.conf'), clientAuthentication);
  await appendFile(path.join(data, 'postgresql.conf'), configuration(options));
  return data;
}

function initialise({ binaries, guardian }: ClusterOptions, data: string, passwordFile: string): Promise<void> {
  const initdbArguments = [
    ...['--pgdata', data, '--username', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    ...['--encoding', 'UTF8', '--locale', 'C', '--no-sync', '--no-instructions'],
  ];
  return new Promise((resolve, reject) => {
    const options = { ...engineAccount, cwd: '/', env: engineEnvironment, detached: true };
    const child = execFile(binaries.initdb, initdbArguments, options, (error, _stdout, stderr) => {
      if (child.pid !== undefined) guardian?.forget(child.pid);
      if (error) reject(new Error(`initdb failed in ${data}: ${stderr.trim() || error.message}`));
      else resolve();
    });
    if (child.pid !== undefined) guardian?.register(child.pid);
  });
}

function configuration({ host, port, settings }: ClusterOptions): string {
  const all: Record<string, string> = {
    listen_addresses: host,
    port: String(port),
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: 'server.crt',
    ssl_key_file: 'server.key',
    password_encryption: 'scram-sha-256',
    wal_level: 'logical',
    track_commit_timestamp: 'on',
    max_replication_slots: '20',
    max_wal_senders: '20',
    max_prepared_transactions: '10',
    max_connections: '200',
    shared_buffers: '64MB',
    // The rehearsal's data is worth nothing after it. Durability across a killed server process is unaffected.
    fsync: 'off',
    full_page_writes: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%u@%d %a ',
    logging_collector: 'off',
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${settingName(name)} = ${quoted(value)}`);
  return `\n# The rehearsal's settings\n${lines.join('\n')}\n`;
}

function settingName(name: string): string {
  if (!/^[a-z_][a-z0-9_.]*$/i.test(name))
    throw new Error(`not the name of a PostgreSQL setting: ${JSON.stringify(name)}`);
  return name;
}

function quoted(value: string): string {
  if (/[\r\n]/.test(value)) throw new Error(`a PostgreSQL setting cannot span lines: ${JSON.stringify(value)}`);
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
