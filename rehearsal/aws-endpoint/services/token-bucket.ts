/** Admits `perSecond` calls a second, with a burst of the same size. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;
  private readonly perSecond: number;
  private readonly now: () => number;

  /** @param now the clock, in milliseconds */
  constructor(perSecond: number, now: () => number) {
    this.perSecond = perSecond;
    this.now = now;
    this.tokens = perSecond;
    this.filledAt = now();
  }

  take(): boolean {
    const at = this.now();
    this.tokens = Math.min(this.perSecond, this.tokens + ((at - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = at;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
