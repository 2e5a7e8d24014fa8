import type { SideName } from '../../definition/manifest/sections';
import type { Effect } from './effect';

/** A writer that DNS does not move: worker, cron, queue consumer, batch job. */
export interface Writer {
  readonly name: string;
  pause(): Effect;
  /** `{primary}` in the declared command becomes the side that accepts writes from now on: `source` or `target`. */
  resume(primary: SideName): Effect;
  isPaused(signal: AbortSignal): Promise<boolean>;
}
