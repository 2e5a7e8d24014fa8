import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import type { Guardian } from '../processes/guardian';
import { childrenOf } from '../processes/orphans';
import { groupIsAlive, signalQuietly } from '../processes/signals';
import { engineAccount, engineEnvironment } from './postgres-cluster';

export interface PostmasterOptions {
  readonly name: string;
  readonly program: string;
  readonly dataFolder: string;
  readonly logFile: string;
  readonly superuser: ClientConfig;
  readonly guardian?: Guardian;
}

export interface Postmaster {
  readonly processId: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const startMilliseconds = 60_000;
const fastShutdownMilliseconds = 10_000;
const pollMilliseconds = 25;

/** Runs the server in a group of its own and returns when a verified connection succeeds. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const { name, program, dataFolder, logFile, guardian } = options;
  const log = openSync(logFile, 'a');
  const child = spawn(program, ['-D', dataFolder], {
    ...engineAccount,
    cwd: '/',
    env: engineEnvironment,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let ending: string | undefined;
  const exited = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      ending ??= how;
      if (child.pid !== undefined) guardian?.forget(child.pid);
      resolve();
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ?? `code ${code}`));
  });
  if (child.pid !== undefined) guardian?.register(child.pid, 'fast-shutdown');
  const processId = child.pid ?? -1;
  const running = (): boolean => ending === undefined;

  const stop = async (): Promise<void> => {
    // SIGINT: fast shutdown. SIGQUIT: immediate, where a session or a WAL sender holds the fast one up. (postgres, "Shutting Down the Server")
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      if (!running()) return;
      signalQuietly(processId, signal);
      if (await Promise.race([exited.then(() => true), sleep(fastShutdownMilliseconds, false, { ref: false })])) return;
    }
    await kill();
  };
  const kill = async (): Promise<void> => {
    if (!running()) return;
    // Stopped first, so that it forks nobody while its children are listed.
    signalQuietly(processId, 'SIGSTOP');
    const children = await childrenOf(processId);
    for (const id of [processId, ...children]) signalQuietly(id, 'SIGKILL');
    await exited;
    while (children.some(groupIsAlive)) await sleep(pollMilliseconds);
  };

  const deadline = performance.now() + startMilliseconds;
  for (;;) {
    const refusal = await tryConnect(options.superuser);
    if (refusal === undefined && running()) return { processId, stop, kill };
    const tail = (): string => readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
    if (!running()) throw new Error(`engine ${name} did not start (${ending}); the end of its log:\n${tail()}`);
    if (performance.now() > deadline) {
      await kill();
      throw new Error(`engine ${name} was not ready within ${startMilliseconds} ms: ${refusal}; its log:\n${tail()}`);
    }
    await sleep(pollMilliseconds);
  }
}

/** Why a connection does not succeed yet; undefined when it does. */
async function tryConnect(config: ClientConfig): Promise<string | undefined> {
  const client = new Client({ ...config, connectionTimeoutMillis: 5_000, application_name: 'rehearsal' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
