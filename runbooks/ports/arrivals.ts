import type { Direction } from '../../definition/manifest/sections';

/** The newest thing that replication is known to have brought. */
export interface Arrival {
  readonly by: 'heartbeat' | 'marker' | 'replicated transaction' | 'fence of this side';
  /** When the other side committed it, milliseconds since 1970 of that side's clock (of this side's, for its own fence). */
  readonly atMilliseconds: number;
}

/** What one side can say about the other one without asking it. Reads only. */
export interface Arrivals {
  /**
   * Everything that the other side committed before it has arrived here. The moment of this side's own fence stands for
   * it where nothing has come since: before it, the other side served nobody.
   */
  newest(direction: Direction, signal: AbortSignal): Promise<Arrival | undefined>;
  /** Seconds since an allowed account (replication is one) last ran a statement here; absent while one runs. */
  quietSeconds(signal: AbortSignal): Promise<number | undefined>;
}
