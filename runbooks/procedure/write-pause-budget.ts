import type { Clock } from '../ports/clock';
import { DeadlineError } from './deadline';
import { budgetText, inSeconds, measuredBudget, unwindAfterSeconds, type PauseBudget } from './pause-parts';
import type { BeginPause } from './run-elements';

/** The deadline moves with what is measured: forward it never goes beyond what the definition leaves. */
export const pauseWithin =
  (clock: Clock, floor: PauseBudget): BeginPause =>
  (measured = () => ({})) => {
    const over = new AbortController();
    const began = clock.nowMilliseconds();
    let armed = new AbortController();
    const arm = () => {
      armed.abort();
      armed = new AbortController();
      const budget = measuredBudget(floor, measured());
      const seconds = unwindAfterSeconds(budget);
      const left = Math.max(0, seconds * 1000 - (clock.nowMilliseconds() - began));
      clock.sleep(left, armed.signal).then(
        () =>
          over.abort(
            new DeadlineError(
              `the write pause would pass its budget: not decided ${inSeconds(seconds)} s after the fence (${budgetText(budget)})`,
            ),
          ),
        () => undefined,
      );
    };
    arm();
    return { signal: over.signal, measureAgain: arm, end: () => armed.abort() };
  };
