import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Sends a signal to a process, or with a negative id to its group; says whether there was anybody to receive it. */
export function signalQuietly(id: number, signal: NodeJS.Signals | 0): boolean {
  // To the kernel 0 means our own group, -1 everybody and 1 the system: no process of a rehearsal.
  if (!Number.isSafeInteger(id) || Math.abs(id) < 2) throw new Error(`refused to signal process id ${id}`);
  try {
    process.kill(id, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Whether a process group still has members. One that has ended and waits for its parent does not count: in a container
 * whose first process waits for nobody it would stay for ever.
 */
export function groupIsAlive(groupId: number): boolean {
  if (!signalQuietly(-groupId, 0)) return false;
  return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && livesInGroup(entry, groupId));
}

/** Resolves once no member is left. A killed process closes its files, which others see at once, before it is gone. */
export async function untilGroupIsGone(groupId: number): Promise<void> {
  while (groupIsAlive(groupId)) await sleep(5);
}

/** proc(5): after the name in parentheses, which may hold anything, come state, parent and process group. */
function livesInGroup(processId: string, groupId: number): boolean {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(group) === groupId && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}
