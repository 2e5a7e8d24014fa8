import type { Clock } from '../ports/clock';
import { DeadlineError } from './deadline';
import type { BeginPause } from './run-elements';

/** What a write pause is made of besides our own work, in seconds. */
export interface PauseBudget {
  readonly maxWritePauseSeconds: number;
  /** Time that an unwinding takes. */
  readonly undoSeconds: number;
  readonly ttlSeconds: number;
  readonly propagationSeconds: number;
}

/** Seconds after the fence at which the run unwinds by itself, so that clients stay within the budget even then. */
export const unwindAfterSeconds = (budget: PauseBudget): number =>
  budget.maxWritePauseSeconds - budget.undoSeconds - budget.ttlSeconds - budget.propagationSeconds;

export const pauseWithin =
  (clock: Clock, budget: PauseBudget): BeginPause =>
  () => {
    const over = new AbortController();
    const ended = new AbortController();
    const seconds = unwindAfterSeconds(budget);
    clock.sleep(seconds * 1000, ended.signal).then(
      () =>
        over.abort(
          new DeadlineError(
            `the write pause would pass its budget: not decided ${seconds} s after the fence (maxWritePauseSeconds ${budget.maxWritePauseSeconds} − undo ${budget.undoSeconds} − TTL ${budget.ttlSeconds} − propagation ${budget.propagationSeconds})`,
          ),
        ),
      () => undefined,
    );
    return { signal: over.signal, end: () => ended.abort() };
  };
