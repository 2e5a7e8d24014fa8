import type { Reporter } from '../ports/operator';
import { messageOf } from './journal';
import type { Perform, Step } from './step';
import { isStale } from './taken-over';

/** An undo that did not work, beside its cause. */
export interface FailedUndo {
  readonly title: string;
  readonly error: string;
  readonly cause?: unknown;
}

/**
 * Undoes the steps, newest first. A failed undo is reported and the unwinding goes on.
 * @throws StaleEpochError when a later run has taken over: what is left to undo is that run's.
 */
export async function unwind(
  steps: readonly Step[],
  perform: Perform,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<FailedUndo[]> {
  const failed: FailedUndo[] = [];
  for (const step of [...steps].reverse()) {
    if (!step.undo) continue;
    if (step.undoEnds && failed.length > 0) {
      failed.push({ title: step.title, error: 'left as it is, since something before it is not undone' });
      continue;
    }
    reporter.report({ type: 'progress', text: `undoing: ${step.title}` });
    try {
      await step.undo(perform, signal);
    } catch (error) {
      if (isStale(error)) throw error;
      failed.push({ title: step.title, error: messageOf(error), cause: error });
      reporter.report({
        type: 'message',
        code: 'undo-failed',
        level: 'error',
        text: `undoing "${step.title}" failed: ${messageOf(error)}`,
      });
    }
  }
  return failed;
}
