import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Guardian } from '../processes/guardian';
import { engineAccount, engineEnvironment, giveToEngine, writeForEngine } from './engine-account';
import { findInstallScript, type MysqlBinaries } from './mysql-binaries';

export interface DataFolderOptions {
  readonly folder: string;
  readonly binaries: MysqlBinaries;
  readonly tls: { readonly certificatePem: string; readonly privateKeyPem: string; readonly authorityPem: string };
  readonly rootPassword: string;
  readonly guardian?: Guardian;
}

/** Where everything of a server lies; all of it belongs to the engine's account. */
export interface ServerFolders {
  readonly data: string;
  readonly temporary: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly authority: string;
  /** Executed at the first start, before the server listens. */
  readonly firstStatements: string;
}

/** Makes the data folder as the product's own tool does, and what the server reads beside it. */
export async function createDataFolder(options: DataFolderOptions): Promise<ServerFolders> {
  const { folder, binaries, tls } = options;
  const data = path.join(folder, 'data');
  const temporary = path.join(folder, 'temporary');
  for (const each of [data, temporary]) {
    await mkdir(each, { mode: 0o700 });
    await giveToEngine(each);
  }
  await initialise(options, data, temporary);
  const write = (name: string, text: string) => writeForEngine(path.join(folder, name), text);
  return {
    data,
    temporary,
    certificate: await write('server.crt', tls.certificatePem),
    privateKey: await write('server.key', tls.privateKeyPem),
    authority: await write('authority.crt', tls.authorityPem),
    firstStatements: await write('first-statements.sql', firstStatements(binaries, options.rootPassword)),
  };
}

/**
 * `root` from everywhere, by password; nobody else. One statement a line, as `init_file` wants it; outside the binlog, in
 * which no password stands.
 */
function firstStatements({ product }: MysqlBinaries, password: string): string {
  const text = `'${password.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return [
    'SET sql_log_bin = 0;',
    ...(product === 'mariadb'
      ? [
          "DELETE FROM mysql.global_priv WHERE User = '' OR (User = 'root' AND Host <> 'localhost');",
          'FLUSH PRIVILEGES;',
        ]
      : []),
    `ALTER USER 'root'@'localhost' IDENTIFIED BY ${text};`,
    `CREATE USER 'root'@'%' IDENTIFIED BY ${text};`,
    "GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;",
    '',
  ].join('\n');
}

function initialise({ binaries, guardian }: DataFolderOptions, data: string, temporary: string): Promise<void> {
  const { server, product } = binaries;
  const [program, ...programArguments] =
    product === 'mariadb'
      ? [
          ...[findInstallScript(server), '--no-defaults', ...installedUnder(server), `--datadir=${data}`],
          ...['--auth-root-authentication-method=normal', '--skip-test-db', `--tmpdir=${temporary}`],
        ]
      : [
          ...[server, '--no-defaults', '--initialize-insecure', `--datadir=${data}`, `--tmpdir=${temporary}`],
          // The folder that it was built with need not be there.
          '--secure-file-priv=NULL',
        ];
  return new Promise((resolve, reject) => {
    const options = { ...engineAccount, cwd: '/', env: engineEnvironment, detached: true };
    const child = execFile(program ?? '', programArguments, options, (error, stdout, stderr) => {
      if (child.pid !== undefined) guardian?.forget(child.pid);
      const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
      if (error) reject(new Error(`${program} failed in ${data}: ${said || error.message}`));
      else resolve();
    });
    if (child.pid !== undefined) guardian?.register(child.pid);
  });
}

/** A server that was unpacked somewhere finds its tables of messages and its system tables from there. */
function installedUnder(server: string): string[] {
  const base = path.dirname(path.dirname(server));
  return base === '/usr' ? [] : [`--basedir=${base}`];
}
