import { createInterface } from 'node:readline';

export interface ParentListener {
  /** One NDJSON object from the parent. */
  readonly onCommand?: (command: Record<string, unknown>) => void;
  /** The parent is gone, or asks us to end (SIGTERM). Called once. The process must end by itself after it. */
  readonly onEnd: () => void;
  /** When the process is still there after this long, it is ended the hard way. */
  readonly deadlineMilliseconds?: number;
}

/**
 * Called by a child of the rehearsal at its start. Standard input is its lifeline: the kernel closes that pipe however
 * the parent dies, so a child never outlives it. Commands come through the same pipe.
 */
export function listenToParent({ onCommand, onEnd, deadlineMilliseconds = 5_000 }: ParentListener): void {
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    setTimeout(() => process.exit(process.exitCode ?? 0), deadlineMilliseconds).unref();
    onEnd();
  };
  // Writing to a parent that is gone fails; what counts is that we end.
  process.stdout.on('error', end);
  process.on('SIGTERM', end);
  process.stdin.on('error', end);
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      if (line.trim() !== '' && !ended) onCommand?.(JSON.parse(line) as Record<string, unknown>);
    })
    .on('close', end);
}
