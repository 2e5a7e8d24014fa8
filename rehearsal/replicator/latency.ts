/**
 * The latencies as DMS publishes them. Source: how old the last change read is while changes flow, zero when a second
 * brought nothing new (User Guide, "Monitoring AWS DMS tasks": an idle source reads 0, so zero proves nothing).
 * Target: how old the oldest change is that waits to be applied, or what the last one took.
 */
export class Latency {
  private lastReadCommit = 0;
  private readSinceTick = false;
  private worstApplied = 0;
  private readonly now: () => number;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  /** @param committedAtMilliseconds the source's commit time of a transaction just read */
  noteRead(committedAtMilliseconds: number): void {
    this.lastReadCommit = committedAtMilliseconds;
    this.readSinceTick = true;
  }

  noteApplied(committedAtMilliseconds: number): void {
    this.worstApplied = Math.max(this.worstApplied, this.now() - committedAtMilliseconds);
  }

  /** The figures of the second that ends now; `oldestWaiting` is the commit time of what waits longest, if anything. */
  tick(oldestWaiting: number | undefined): { sourceLatencySeconds: number; targetLatencySeconds: number } {
    const source = this.readSinceTick ? this.now() - this.lastReadCommit : 0;
    const target = oldestWaiting === undefined ? this.worstApplied : this.now() - oldestWaiting;
    this.readSinceTick = false;
    this.worstApplied = 0;
    return { sourceLatencySeconds: seconds(source), targetLatencySeconds: seconds(target) };
  }
}

const seconds = (milliseconds: number): number => Math.max(0, Math.round(milliseconds) / 1000);
