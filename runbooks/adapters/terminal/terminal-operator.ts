import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { Operator } from '../../ports/operator';

/** `user@host`, as the lock and the journal name a person. */
export function operatorName(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A container may run as a number that has no name.
    return `uid-${process.getuid?.() ?? 'unknown'}@${hostname()}`;
  }
}

/** The person at the terminal: asked on standard error, since standard output is data. */
export function terminalOperator(
  streams: { input: Readable & { isTTY?: boolean }; output: Writable & { isTTY?: boolean } } = {
    input: process.stdin,
    output: process.stderr,
  },
): Operator {
  const { input, output } = streams;
  return {
    name: operatorName(),
    isInteractive: input.isTTY === true && output.isTTY === true,
    async ask(question, signal) {
      signal.throwIfAborted();
      const lines = createInterface({ input, output });
      // While it asks, readline takes Ctrl-C from the terminal; it belongs to whoever handles interrupts.
      lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
      try {
        // The end of the input (Ctrl-D) is an empty answer.
        return await Promise.race([lines.question(question, { signal }), ended]);
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        lines.close();
      }
    },
  };
}
