import { InterruptedError } from '../runbooks/procedure/deadline';

const interrupting = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C, SIGTERM and a terminal that closes end the run's signal once; what must be undone is then undone, not cut off. */
export function onInterrupt(say: (text: string) => void): { signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) say('already ending: what was begun is being undone');
    controller.abort(new InterruptedError(`interrupted (${name})`));
  };
  for (const name of interrupting) process.on(name, handle);
  return {
    signal: controller.signal,
    close: () => {
      for (const name of interrupting) process.off(name, handle);
    },
  };
}
