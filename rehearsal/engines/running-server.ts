import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndingManner, Guardian } from '../processes/guardian';
import { childrenOf } from '../processes/orphans';
import { groupIsAlive, signalQuietly } from '../processes/signals';
import { engineAccount, engineEnvironment } from './engine-account';

export interface ServerOptions {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  /** Takes standard output and error. */
  readonly logFile: string;
  /** Asked one after the other to stop, each with ten seconds; who then still runs is killed. */
  readonly stopSignals: readonly NodeJS.Signals[];
  readonly manner: EndingManner;
  /** Why a verified connection does not succeed yet; undefined when it does. */
  readonly tryConnect: () => Promise<string | undefined>;
  readonly guardian?: Guardian;
}

export interface RunningServer {
  readonly processId: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

const startMilliseconds = 60_000;
const shutdownMilliseconds = 10_000;
const pollMilliseconds = 25;

/** Runs a database server in a group of its own and returns when a connection succeeds. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { name, program, logFile, guardian } = options;
  const log = openSync(logFile, 'a');
  const child = spawn(program, options.arguments, {
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
  if (child.pid !== undefined) guardian?.register(child.pid, options.manner);
  const processId = child.pid ?? -1;
  const running = (): boolean => ending === undefined;

  const stop = async (): Promise<void> => {
    for (const signal of options.stopSignals) {
      if (!running()) return;
      signalQuietly(processId, signal);
      if (await Promise.race([exited.then(() => true), sleep(shutdownMilliseconds, false, { ref: false })])) return;
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
    const refusal = await options.tryConnect();
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
