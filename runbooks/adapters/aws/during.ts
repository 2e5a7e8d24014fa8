import { setMaxListeners } from 'node:events';

/**
 * Makes one call of the SDK that ends with the signal: at once, also while the SDK waits between two attempts, and with
 * the signal's own reason instead of the SDK's `AbortError`.
 */
export function during<T>(
  signal: AbortSignal,
  call: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  // Several calls at once hang on one signal, each with listeners of its own; Node would warn of a leak.
  setMaxListeners(0, signal);
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    call({ abortSignal: signal })
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
