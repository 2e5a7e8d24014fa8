/**
 * Makes one call of the SDK that ends with the signal: at once, also while the SDK waits between two attempts, and with
 * the signal's own reason instead of the SDK's `AbortError`.
 */
export function during<T>(
  signal: AbortSignal,
  call: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    call({ abortSignal: signal })
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
