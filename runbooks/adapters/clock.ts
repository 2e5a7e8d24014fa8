import type { Clock } from '../ports/clock';

/** The clock of this computer. */
export const systemClock: Clock = {
  nowMilliseconds: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      // The reason is always an error of ours: a deadline, an interrupt, a lost lock.
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, milliseconds);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    }),
};
