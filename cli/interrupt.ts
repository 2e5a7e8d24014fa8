import { InterruptedError } from '../runbooks/procedure/deadline';

/** Ctrl-C and SIGTERM end the run's signal once; what must be undone is then undone, not cut off. */
export function onInterrupt(say: (text: string) => void): { signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) say('already ending: what was begun is being undone');
    controller.abort(new InterruptedError(`interrupted (${name})`));
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    close: () => {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
