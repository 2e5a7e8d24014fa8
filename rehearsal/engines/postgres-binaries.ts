import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, readdir, rename, symlink } from 'node:fs/promises';
import path from 'node:path';

export type PostgresMajorVersion = 15 | 17;

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Shared libraries that come with the binaries; their run path points here already. */
  readonly libraryFolder: string;
}

/**
 * Copies the engine's npm package for this platform into the run folder and makes the links there that the package's own
 * install script would make. `node_modules` is never written to, and nobody but its owner needs to be able to read it.
 * Throws when no package for the platform and version is installed.
 */
export async function copyPostgresBinaries(
  majorVersion: PostgresMajorVersion,
  runFolder: string,
): Promise<PostgresBinaries> {
  const folder = path.join(runFolder, 'binaries', `postgres-${majorVersion}`);
  if (!existsSync(folder)) await copyOnce(packageFolder(majorVersion), folder);
  const bin = path.join(folder, 'native', 'bin');
  return {
    postgres: path.join(bin, 'postgres'),
    initdb: path.join(bin, 'initdb'),
    libraryFolder: path.join(folder, 'native', 'lib'),
  };
}

function packageFolder(majorVersion: PostgresMajorVersion): string {
  const name = `postgres-${majorVersion}-${process.platform}-${process.arch}`;
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(candidate, 'native', 'bin', 'postgres'))) return candidate;
    if (folder === path.dirname(folder)) break;
  }
  throw new Error(
    `PostgreSQL ${majorVersion} for ${process.platform}-${process.arch} is not installed: the package ${name} is missing ` +
      '(available: linux-x64, linux-arm64). Run: npm install --include=optional',
  );
}

/** Under another name until it is whole, so that a second engine of the same version never starts from half a copy. */
async function copyOnce(from: string, folder: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}.${Date.now()}`;
  await mkdir(path.dirname(folder), { recursive: true, mode: 0o755 });
  await cp(path.join(from, 'native'), path.join(unfinished, 'native'), {
    recursive: true,
    filter: (source) => !source.endsWith('.a') && path.basename(source) !== 'pkgconfig',
  });
  await makeLinks(unfinished);
  await openToEveryone(unfinished);
  await rename(unfinished, folder).catch((error: unknown) => {
    if (!existsSync(folder)) throw error;
  });
}

async function makeLinks(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(folder, target);
    if (existsSync(link)) continue;
    await symlink(path.relative(path.dirname(link), path.join(folder, source)), link);
  }
}

/** The engine refuses to run as root, so another account must be able to read and execute the copy. */
async function openToEveryone(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) await openToEveryone(name);
    else if (entry.isFile()) await chmod(name, path.basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
