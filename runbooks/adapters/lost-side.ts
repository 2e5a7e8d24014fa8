import type { Database } from '../ports/database';
import { UsageError } from '../ports/failures';
import type { LostSide } from '../ports/world';

/** Nothing listens, or nothing comes back: every other failure is the answer of somebody who is there. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof UsageError && error.code === 'database-unreachable';

/** True when a connection succeeds or is refused by whoever is there. */
export async function answersAgain(connect: () => Promise<Database>, signal: AbortSignal): Promise<boolean> {
  try {
    await (await connect()).close();
    return true;
  } catch (error) {
    signal.throwIfAborted();
    return !isUnreachable(error);
  }
}

/** One side's failure as it is; of two, one sentence that names both, with the first one's code. */
export function bothFailures(reasons: readonly unknown[]): unknown {
  const [first, second] = reasons;
  if (!(first instanceof UsageError)) return first;
  if (!(second instanceof Error))
    return isUnreachable(first)
      ? new UsageError(first.code, first.message, {
          next: `${first.next ?? ''}; where it was the primary and is gone for good, cutover switch (or roll-back) --accept-loss says what would be lost`,
          cause: first,
        })
      : first;
  return new UsageError(first.code, `${first.message}; ${second.message}`, { next: first.next, cause: second });
}

/** Stands where a database would: whatever is asked of it is refused, with why it is not there. */
export function lostDatabase({ side, why }: LostSide): Database {
  const refuse = () => {
    const refusal = Promise.reject(new Error(`the ${side} is lost: ${why}`));
    // An effect that nobody performs is no unhandled rejection.
    refusal.catch(() => undefined);
    return refusal;
  };
  const port = new Proxy({}, { get: () => refuse });
  const own = {
    side,
    title: `${side} database, which does not answer`,
    close: async () => undefined,
    changedKeys: undefined,
    // Not a promise, should somebody wait for it.
    then: undefined,
  };
  return new Proxy(own, {
    get: (known, name) => (name in known ? known[name as keyof typeof own] : port),
  }) as unknown as Database;
}
