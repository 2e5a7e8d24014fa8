import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const runFolderPrefix = 'cutover-rehearsal-';

/**
 * A fresh folder for one rehearsal. Mode 0755, since engines that refuse to run as root must reach their binaries and
 * data below it; everything secret in it is written by {@link writeSecretFile}.
 * Throws when an engine's account could not reach it (`TMPDIR` inside somebody's home).
 */
export function createRunFolder(): string {
  const parent = path.resolve(tmpdir());
  if (process.getuid?.() === 0) refuseUnreachable(parent);
  const folder = mkdtempSync(path.join(parent, runFolderPrefix));
  chmodSync(folder, 0o755);
  return folder;
}

/** Writes a file that only its owner can read, and returns its path. An existing file is replaced. */
export function writeSecretFile(runFolder: string, name: string, text: string): string {
  const file = path.join(runFolder, name);
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  return file;
}

function refuseUnreachable(folder: string): void {
  for (let at = folder; ; at = path.dirname(at)) {
    const mode = statSync(at).mode & 0o777;
    if ((mode & 0o001) === 0) {
      throw new Error(
        `the temporary folder ${folder} cannot be reached by an unprivileged account: ${at} has mode ` +
          `${mode.toString(8)}, and started as root the database engines run as another account. ` +
          'Run again with TMPDIR=/tmp',
      );
    }
    if (at === path.dirname(at)) return;
  }
}
