import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { typescriptArguments } from './typescript-arguments';

/**
 * How a group is asked to end before it is killed: `terminate` is SIGTERM to the group; `fast-shutdown` is SIGINT to
 * the leader alone, which PostgreSQL's postmaster takes as "roll back and stop", then SIGQUIT.
 */
export type EndingManner = 'terminate' | 'fast-shutdown';

export type GuardianOrder =
  | { readonly type: 'register'; readonly groupId: number; readonly how: EndingManner }
  | { readonly type: 'forget'; readonly groupId: number }
  | { readonly type: 'at-the-end'; readonly command: readonly string[] }
  | { readonly type: 'keep-folder' };

export interface Guardian {
  readonly processId: number;
  /** Rejects when it could not start: then nothing may be started that it would have to end. */
  readonly ready: Promise<void>;
  /** Takes effect at once, also when this process is killed in the next instant: the order is in the pipe by then. */
  register(groupId: number, how?: EndingManner): void;
  forget(groupId: number): void;
  /** A program to run when everything is ended, in place of one that was given before; undefined: none. */
  atTheEnd(command: readonly string[] | undefined): void;
  /** Ends what is still registered and removes the run folder. Rejects when something could not be ended or removed. */
  close(options?: { keepFolder?: boolean }): Promise<void>;
}

/**
 * Starts the process that outlives this one: whatever ends the rehearsal (a return, Ctrl-C, `kill -9`), the pipe to the
 * guardian closes, and it ends every registered process group and removes the run folder.
 */
export function startGuardian(runFolder: string): Guardian {
  const child = spawn(
    process.execPath,
    [...typescriptArguments(), path.join(__dirname, 'guardian-process.ts'), runFolder],
    // A session of its own: Ctrl-C in the terminal goes to the foreground group only. No inherited environment either.
    {
      detached: true,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', TMPDIR: process.env.TMPDIR },
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  const failures: string[] = [];
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(`could not start: ${error.message}`));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`));
  });
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) =>
      line === 'ready' ? resolve() : void failures.push(line),
    );
    void ended.then((failure) => reject(new Error(`the rehearsal's guardian process ${failure ?? 'ended at once'}`)));
  });
  // Who never asks must not be ended by it.
  ready.catch(() => undefined);
  // A dead guardian is reported by close(); a write to it must not throw in the middle of something else.
  child.stdin.on('error', () => undefined);
  child.unref();
  const tell = (order: GuardianOrder): void => void child.stdin.write(`${JSON.stringify(order)}\n`);
  return {
    processId: child.pid ?? -1,
    ready,
    register: (groupId, how = 'terminate') => tell({ type: 'register', groupId, how }),
    forget: (groupId) => tell({ type: 'forget', groupId }),
    atTheEnd: (command) => tell({ type: 'at-the-end', command: command ?? [] }),
    close: async ({ keepFolder = false } = {}) => {
      if (keepFolder) tell({ type: 'keep-folder' });
      child.ref();
      child.stdin.end();
      const failure = await ended;
      if (failure !== undefined) {
        throw new Error(
          `the rehearsal's guardian process ${failure}: ${failures.join('; ') || 'no message'}. ` +
            `Look for processes and files below ${runFolder}`,
        );
      }
    },
  };
}
