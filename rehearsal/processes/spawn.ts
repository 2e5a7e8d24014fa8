import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Environment } from './isolated-environment';
import type { Guardian } from './guardian';
import { readLines } from './output-lines';
import type { Line } from './output-lines';
import { writeSecretFile } from './run-folder';
import { signalQuietly, untilGroupIsGone } from './signals';
import { typescriptArguments } from './typescript-arguments';

export interface SpawnOptions {
  /** Names the child's files in the run folder and stands in errors. */
  readonly name: string;
  /** Program and arguments… */
  readonly command?: readonly string[];
  /** …or a TypeScript file that node runs. */
  readonly entry?: string;
  /** Written as JSON into a file that only the owner can read; its path becomes the last argument. */
  readonly configuration?: unknown;
  readonly environment: Environment;
  readonly runFolder: string;
  readonly guardian: Guardian;
  /** Default: the run folder. */
  readonly workingFolder?: string;
  /** Each line of standard output; one that is not a JSON object comes as `{ type: 'text', text }`. */
  readonly onLine?: (line: Line) => void;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildHandle {
  readonly name: string;
  readonly processId: number;
  /** The first line of type `ready`. Rejects with the end of the log when the child ends without one. */
  readonly ready: Promise<Line>;
  /** After the last line of output was delivered and nobody of the group is left. */
  readonly exited: Promise<Exit>;
  /** What the child writes to standard error. */
  readonly logFile: string;
  /** One NDJSON object to the child's standard input. */
  send(message: object): void;
  /** Closes the lifeline and sends SIGTERM; kills the group after the grace (default 5000 ms). Resolves when it is gone. */
  stop(graceMilliseconds?: number): Promise<void>;
  /** SIGKILL to the whole group, as a crash would be. Await {@link exited} to know that it is gone. */
  kill(signal?: NodeJS.Signals): void;
  /** The lines of standard output from the moment of this call on, until the child ends. */
  stdoutLines(): AsyncIterable<Line>;
}

let spawned = 0;

/** Starts a child in its own session and process group, known to the guardian in the same instant. */
export function spawnProcess(options: SpawnOptions): ChildHandle {
  const { name, runFolder, guardian } = options;
  const label = `${name}-${String((spawned += 1)).padStart(3, '0')}`;
  const [program, ...commandArguments] = commandLine(options, label);
  if (program === undefined) throw new Error(`process ${name}: give either a command or an entry file`);

  const logFile = writeSecretFile(runFolder, `${label}.log`, '');
  const log = openSync(logFile, 'a');
  const child = spawn(program, commandArguments, {
    detached: true,
    cwd: options.workingFolder ?? runFolder,
    env: { ...options.environment },
    stdio: ['pipe', 'pipe', log],
  }) as ChildProcessByStdio<Writable, Readable, null>;
  closeSync(log);
  const processId = child.pid;
  if (processId !== undefined) guardian.register(processId);

  child.stdin.on('error', () => undefined);
  const output = readLines(child.stdout, options.onLine);
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`process ${name} could not be started: ${error.message}`)));
    child.once('exit', () => {
      // What the leader left behind in its group has lost its reason to live, and holds our end of the output open.
      if (processId === undefined) return;
      signalQuietly(-processId, 'SIGKILL');
      guardian.forget(processId);
    });
    child.once('close', (code, signal) => {
      const group = processId === undefined ? undefined : untilGroupIsGone(processId);
      void Promise.all([output.ended, group]).then(() => resolve({ code, signal }));
    });
  });
  const ready = Promise.race([
    output.first('ready'),
    exited.then(async (exit) => {
      const ending = exit.signal ?? `code ${exit.code}`;
      const log = (await readFile(logFile, 'utf8').catch(() => '')).trim().split('\n').slice(-15).join('\n');
      throw new Error(`process ${name} ended (${ending}) before it was ready; the end of its log:\n${log}`);
    }),
  ]);
  // Who never asks for these must not be ended by them.
  exited.catch(() => undefined);
  ready.catch(() => undefined);

  const kill = (signal: NodeJS.Signals = 'SIGKILL'): void => {
    if (processId !== undefined && child.exitCode === null && child.signalCode === null)
      signalQuietly(-processId, signal);
  };
  return {
    name,
    processId: processId ?? -1,
    ready,
    exited,
    logFile,
    send: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    stop: async (graceMilliseconds = 5_000) => {
      const timer = setTimeout(kill, graceMilliseconds);
      child.stdin.end();
      // To the leader alone: what it started in its group must stay until it has ended cleanly.
      if (processId !== undefined && child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited.catch(() => undefined);
      clearTimeout(timer);
    },
    kill,
    stdoutLines: output.lines,
  };
}

function commandLine({ name, command, entry, configuration, runFolder }: SpawnOptions, label: string): string[] {
  if ((command === undefined) === (entry === undefined)) {
    throw new Error(`process ${name}: give either a command or an entry file, not both or neither`);
  }
  const line =
    entry === undefined ? [...(command ?? [])] : [process.execPath, ...typescriptArguments(), path.resolve(entry)];
  if (configuration !== undefined)
    line.push(writeSecretFile(runFolder, `${label}.json`, JSON.stringify(configuration)));
  return line;
}
