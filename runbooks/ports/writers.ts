import type { Effect } from './effect';

/** A writer that DNS does not move: worker, cron, queue consumer, batch job. */
export interface Writer {
  readonly name: string;
  pause(): Effect;
  resume(): Effect;
  isPaused(signal: AbortSignal): Promise<boolean>;
}
