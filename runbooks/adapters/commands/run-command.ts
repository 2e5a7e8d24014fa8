import { spawn } from 'node:child_process';

/** How a command ended: its exit code, or 128 and more when a signal ended it, as a shell would say. */
export interface CommandResult {
  readonly exitCode: number;
}

/** A command that could not be run or did not end in time. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/**
 * Runs a program with its arguments, without a shell. It gets a process group of its own: Ctrl-C at the terminal is ours
 * to handle, and whatever it started ends with it.
 *
 * @param options.output `show` passes what it prints on to standard error; it is never kept, since nobody knows what
 *   secrets stand in it
 * @throws CommandError when it cannot be started or takes longer; the signal's reason when that ends it
 */
export function runCommand(
  argv: readonly string[],
  options: { deadlineSeconds: number; output: 'show' | 'hide'; signal: AbortSignal },
): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  const { deadlineSeconds, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const output = options.output === 'show' ? 2 : 'ignore';
    const child = spawn(program, args, { stdio: ['ignore', output, output], detached: true, shell: false });
    let failure: Error | undefined;
    const kill = (reason: Error) => {
      failure ??= reason;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended by itself.
      }
    };
    const onAbort = () => kill(signal.reason as Error);
    const timer = setTimeout(
      () => kill(new CommandError(`${program} did not end within ${deadlineSeconds} s and was killed`)),
      deadlineSeconds * 1000,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = (end: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      end();
    };
    child.once('error', (cause) =>
      settle(() => reject(new CommandError(`${program} cannot be started: ${cause.message}`, { cause }))),
    );
    child.once('exit', (code) => settle(() => (failure ? reject(failure) : resolve({ exitCode: code ?? 128 }))));
  });
}
