import type { Clock } from '../ports/clock';

/** A wait that took longer than its deadline. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** The operator asked to stop. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Runs `work` with a signal that ends when the outer one does or the time is over, whichever comes first. */
export async function within<T>(
  clock: Clock,
  seconds: number,
  what: string,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timer = new AbortController();
  const finished = new AbortController();
  clock.sleep(seconds * 1000, finished.signal).then(
    () => timer.abort(new DeadlineError(`${what} took longer than ${seconds} s`)),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([outer, timer.signal]));
  } finally {
    finished.abort();
  }
}

/** Asks again until the answer is there; the signal ends it. */
export async function until<T>(
  clock: Clock,
  everyMilliseconds: number,
  signal: AbortSignal,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await clock.sleep(everyMilliseconds, signal);
  }
}
