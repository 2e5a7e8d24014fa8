import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { killProcessesRunningFrom } from './orphans';
import { runFolderPrefix } from './run-folder';
import { groupIsAlive, signalQuietly } from './signals';
import type { EndingManner, GuardianOrder } from './guardian';

/** The guardian's own process: `guardian-process.ts RUN_FOLDER`, with the orders as NDJSON on stdin. See guardian.ts. */
const graceMilliseconds = 2_000;
const pollMilliseconds = 20;
const longestEndMilliseconds = 60_000;

async function main(runFolder: string): Promise<void> {
  // It removes the folder whole: only one that a rehearsal made.
  if (!path.basename(runFolder).startsWith(runFolderPrefix)) throw new Error(`not a run folder: ${runFolder}`);
  // Nothing but the end of the pipe ends the guardian.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] as const) process.on(signal, () => undefined);
  process.stdout.on('error', () => undefined);
  process.stdout.write('ready\n');

  const groups = new Map<number, EndingManner>();
  let keepFolder = false;
  let atTheEnd: readonly string[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    const order = parse(line);
    if (order?.type === 'register') groups.set(order.groupId, order.how);
    else if (order?.type === 'forget') groups.delete(order.groupId);
    else if (order?.type === 'at-the-end') atTheEnd = order.command;
    else if (order?.type === 'keep-folder') keepFolder = true;
  }

  // Each part is tried, whatever became of the others.
  const failures: unknown[] = [];
  const attempt = (part: Promise<void>): Promise<void> => part.catch((error: unknown) => void failures.push(error));
  await Promise.all([...groups].map(([groupId, how]) => attempt(endGroup(groupId, how))));
  await attempt(killProcessesRunningFrom(runFolder));
  await attempt(runToItsEnd(atTheEnd));
  if (!keepFolder) await attempt(rm(runFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(messageOf).join('; '));
}

/** A line cut short by the parent's death is no order. */
function parse(line: string): GuardianOrder | undefined {
  try {
    return JSON.parse(line) as GuardianOrder;
  } catch {
    return undefined;
  }
}

async function endGroup(groupId: number, how: EndingManner): Promise<void> {
  if (how === 'fast-shutdown') {
    signalQuietly(groupId, 'SIGINT');
    if (await gone(groupId, graceMilliseconds)) return;
    signalQuietly(groupId, 'SIGQUIT');
  } else {
    signalQuietly(-groupId, 'SIGTERM');
  }
  if (await gone(groupId, graceMilliseconds)) return;
  signalQuietly(-groupId, 'SIGKILL');
  if (await gone(groupId, graceMilliseconds)) return;
  throw new Error(`process group ${groupId} survived SIGKILL`);
}

/** What a rehearsal does elsewhere than on this computer is undone by a program that knows how. */
async function runToItsEnd([program, ...rest]: readonly string[]): Promise<void> {
  if (program === undefined) return;
  await promisify(execFile)(program, rest, { cwd: '/', timeout: longestEndMilliseconds }).catch((error: unknown) => {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(stderr?.trim() || message);
  });
}

async function gone(groupId: number, withinMilliseconds: number): Promise<boolean> {
  for (const end = performance.now() + withinMilliseconds; performance.now() < end; await sleep(pollMilliseconds)) {
    if (!groupIsAlive(groupId)) return true;
  }
  return !groupIsAlive(groupId);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stdout.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
