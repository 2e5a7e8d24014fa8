import type { Clock } from '../../ports/clock';

const firstWaitMilliseconds = 250;
/** DMS counts every call of an account against a few a second; a task takes minutes anyway. */
const longestWaitMilliseconds = 5_000;
const growth = 1.3;

/** A wait that took longer than its deadline. */
export class WaitError extends Error {
  override readonly name = 'WaitError';
}

/**
 * Asks until there is an answer, in growing intervals. The SDK's own waiters ask every 15 to 120 s and fail on states that
 * only need patience.
 * @throws WaitError after the deadline
 */
export async function poll<T>(
  wait: { clock: Clock; what: string; deadlineSeconds: number; signal: AbortSignal },
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  const { clock, what, deadlineSeconds, signal } = wait;
  const end = clock.nowMilliseconds() + deadlineSeconds * 1000;
  for (
    let milliseconds = firstWaitMilliseconds;
    ;
    milliseconds = Math.min(longestWaitMilliseconds, milliseconds * growth)
  ) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    const left = end - clock.nowMilliseconds();
    if (left <= 0) throw new WaitError(`${what} took longer than ${deadlineSeconds} s`);
    await clock.sleep(Math.min(milliseconds, left), signal);
  }
}
