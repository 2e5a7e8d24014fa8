import { readdir, readlink, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalQuietly } from './signals';

/**
 * Kills what runs an executable of the run folder (the copied engines) and waits until it is gone. PostgreSQL's backends
 * lead groups of their own, so those of a killed postmaster are found only this way. Somebody's shell that merely stands
 * in the folder is left alone.
 */
export async function killProcessesRunningFrom(folder: string): Promise<void> {
  const deadline = performance.now() + 5_000;
  for (;;) {
    const found = await processesRunningFrom(folder);
    if (found.length === 0) return;
    if (performance.now() > deadline) throw new Error(`processes ${found.join(', ')} survived SIGKILL`);
    for (const id of found) signalQuietly(id, 'SIGKILL');
    await sleep(20);
  }
}

/** The children of a process, by the kernel's list. */
export async function childrenOf(processId: number): Promise<number[]> {
  try {
    const list = await readFile(`/proc/${processId}/task/${processId}/children`, 'utf8');
    return list.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

async function processesRunningFrom(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    // Processes of other accounts, kernel threads and zombies have no readable executable.
    const executable = await readlink(`/proc/${entry}/exe`).catch(() => '');
    if (executable.startsWith(folder + path.sep)) found.push(Number(entry));
  }
  return found;
}
