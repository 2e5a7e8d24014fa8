import { chown, rm, writeFile } from 'node:fs/promises';

/** Database servers refuse to run as root; as root they are started as `nobody`. */
export const engineAccount = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** UTC logs, English messages; nothing that a server or its client library would read from ours. */
export const engineEnvironment = { PATH: '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' };

/** Mode 0600 before anything stands in it, and owned by the engine's account. Returns the file. */
export async function writeForEngine(file: string, text: string): Promise<string> {
  await rm(file, { force: true });
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  await giveToEngine(file);
  return file;
}

export async function giveToEngine(file: string): Promise<void> {
  if (engineAccount.uid !== undefined) await chown(file, engineAccount.uid, engineAccount.gid);
}
