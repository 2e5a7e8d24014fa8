import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { engineEnvironment } from './engine-account';

export type MysqlProduct = 'mariadb' | 'mysql';

export interface MysqlBinaries {
  readonly server: string;
  readonly product: MysqlProduct;
  /** `10.11.19`, `9.7.4`. */
  readonly version: string;
}

/** No usable server on this computer: whoever rehearses has to install or name one. */
export class NoMysqlServer extends Error {}

/** MariaDB's name first: where both stand, `mysqld` is often a link to it. */
const serverNames = ['mariadbd', 'mysqld'];
/** Packages put servers where the PATH of ordinary accounts does not look. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/libexec', '/usr/bin', '/usr/local/bin'];

/**
 * The MySQL or MariaDB server that a path names (the program, or the folder that it was unpacked to), else the one on the
 * PATH. @throws NoMysqlServer where there is none, or what is named is not one
 */
export async function findMysqlServer(given?: string): Promise<MysqlBinaries> {
  const server = given === undefined ? onPath() : named(path.resolve(given));
  const { stdout } = await promisify(execFile)(server, ['--no-defaults', '--version'], {
    env: engineEnvironment,
  }).catch((error: unknown) => {
    throw new NoMysqlServer(`${server} does not say its version: ${(error as Error).message.trim()}`);
  });
  // "mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu …", "mysqld  Ver 8.4.6 for Linux on x86_64 (MySQL …"
  const version = /Ver (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (version === undefined) {
    throw new NoMysqlServer(`${server} is not a MySQL or MariaDB server: its version is ${JSON.stringify(stdout)}`);
  }
  return { server, product: /mariadb/i.test(stdout) ? 'mariadb' : 'mysql', version };
}

/** The program that {@link findMysqlServer} would take, unless one is named. */
export function mysqlServerOnPath(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), ...systemFolders].filter(Boolean);
  return firstProgram(folders.flatMap((folder) => serverNames.map((name) => path.join(folder, name))));
}

function onPath(): string {
  const found = mysqlServerOnPath();
  if (found !== undefined) return found;
  throw new NoMysqlServer(
    `neither ${serverNames.join(' nor ')} is on the PATH or in ${systemFolders.join(', ')}: this migration is rehearsed ` +
      `with a real MySQL or MariaDB server. Run: ${installCommand()}\nor name a server that is elsewhere: --mysql PATH`,
  );
}

function named(given: string): string {
  const isFolder = existsSync(given) && statSync(given).isDirectory();
  const places = isFolder
    ? ['bin', 'sbin', 'usr/sbin', 'libexec', '.'].flatMap((folder) =>
        serverNames.map((name) => path.join(given, folder, name)),
      )
    : [given];
  const found = firstProgram(places);
  if (found !== undefined) return found;
  throw new NoMysqlServer(
    `--mysql ${given}: ${isFolder ? `no ${serverNames.join(' or ')} in it or its bin and sbin` : 'no such program'}; ` +
      'a path of a MySQL or MariaDB server (mysqld, mariadbd) is wanted',
  );
}

/** mariadb-install-db, which stands beside the server, in its `scripts`, or on the PATH. */
export function findInstallScript(server: string): string {
  const base = path.dirname(path.dirname(server));
  const folders = [
    path.dirname(server),
    ...['bin', 'scripts'].map((folder) => path.join(base, folder)),
    ...(process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean),
    '/usr/bin',
  ];
  const found = firstProgram(
    folders.flatMap((folder) => ['mariadb-install-db', 'mysql_install_db'].map((name) => path.join(folder, name))),
  );
  if (found !== undefined) return found;
  throw new NoMysqlServer(
    `${server} has no mariadb-install-db beside it, in its scripts folder or on the PATH. Run: ${installCommand()}`,
  );
}

const firstProgram = (candidates: readonly string[]): string | undefined => {
  const found = candidates.find((candidate) => isProgram(candidate));
  return found === undefined ? undefined : realpathSync(found);
};

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const managers: readonly (readonly [program: string, command: string])[] = [
  ['/usr/bin/apt-get', 'apt-get install mariadb-server'],
  ['/usr/bin/dnf', 'dnf install mariadb-server'],
  ['/sbin/apk', 'apk add mariadb'],
  ['/usr/bin/pacman', 'pacman -S mariadb'],
  ['/usr/bin/zypper', 'zypper install mariadb'],
];

function installCommand(): string {
  const command = managers.find(([program]) => existsSync(program))?.[1] ?? 'apt-get install mariadb-server';
  return process.getuid?.() === 0 ? command : `sudo ${command}`;
}
