/** Repeatable chance: the same seed gives the same sequence (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** At least 0, below 1. */
  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('Nothing to pick from.');
    return items[Math.floor(this.fraction() * items.length)] as T;
  }

  /** Picks a name by its share of the sum of all shares. */
  weighted<Name extends string>(shares: Record<Name, number>): Name {
    const entries = Object.entries(shares) as [Name, number][];
    let left = this.fraction() * entries.reduce((sum, [, share]) => sum + share, 0);
    for (const [name, share] of entries) if ((left -= share) < 0) return name;
    return this.pick(entries.filter(([, share]) => share > 0))[0];
  }

  digits(count: number): string {
    let text = '';
    for (let place = 0; place < count; place++) text += this.integer(0, 9);
    return text;
  }

  hex(count: number): string {
    let text = '';
    for (let place = 0; place < count; place++) text += this.integer(0, 15).toString(16);
    return text;
  }
}
