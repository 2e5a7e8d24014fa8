import { performance } from 'node:perf_hooks';

/** Epoch milliseconds with fractions that never run backwards within the process: comparable with commit timestamps. */
export function epochMilliseconds(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000) / 1000;
}

export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
  });
}
