import { performance } from 'node:perf_hooks';
import { pause } from './clock';

/** Spreads turns evenly over time. What was missed for more than a second is not caught up. */
export class Pace {
  private readonly interval: number;
  private readonly longestDebt: number;
  private due: number;

  /** @param offset share of one interval, 0 to 1, by which this pace starts later than others */
  constructor(turnsPerSecond: number, offset: number) {
    this.interval = 1000 / turnsPerSecond;
    this.longestDebt = Math.max(1000, this.interval);
    this.due = performance.now() + this.interval * offset;
  }

  /** Waits for the next turn. */
  async turn(signal?: AbortSignal): Promise<void> {
    const now = performance.now();
    this.due = Math.max(this.due + this.interval, now - this.longestDebt);
    if (this.due - now >= 1) await pause(this.due - now, signal);
  }
}
