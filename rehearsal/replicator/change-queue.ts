import type { RoutedChange } from './routed-change';

/** A piece of one source transaction, in order. The last piece carries the commit. */
export interface TransactionPart {
  changes: RoutedChange[];
  /** Characters of log text, to bound what waits. */
  size: number;
  commit?: { position: string; committedAtMilliseconds: number };
}

/** What the queue holds before reading pauses, in characters of log text. */
const highWater = 32 * 1024 * 1024;

/** Read changes that wait to be applied. Bounded: above the mark the reader is told to pause. */
export class ChangeQueue {
  private parts: TransactionPart[] = [];
  private size = 0;
  private waiting = 0;
  private wake: (() => void) | undefined;
  private closed = false;
  private readonly pause: (paused: boolean) => void;

  constructor(pause: (paused: boolean) => void) {
    this.pause = pause;
  }

  /** Row changes that wait (`CDCIncomingChanges`). */
  get incomingChanges(): number {
    return this.waiting;
  }

  get length(): number {
    return this.parts.length;
  }

  /** Commit time of the first whole transaction that waits, in milliseconds. */
  get oldestCommit(): number | undefined {
    return this.parts.find((part) => part.commit)?.commit?.committedAtMilliseconds;
  }

  push(part: TransactionPart): void {
    this.parts.push(part);
    this.waiting += part.changes.length;
    if (this.size < highWater && this.size + part.size >= highWater) this.pause(true);
    this.size += part.size;
    this.wake?.();
  }

  /** No more parts are given out: waiting and later takes answer undefined. */
  close(): void {
    this.closed = true;
    this.wake?.();
  }

  /**
   * The next parts to apply together: either several whole transactions, up to about `limit` changes, or one piece of
   * a large one. Never a piece behind whole ones, so that these do not wait for the large one's end.
   */
  async take(limit: number): Promise<TransactionPart[] | undefined> {
    while (this.parts.length === 0 && !this.closed) await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = undefined;
    return this.closed ? undefined : this.cut(limit);
  }

  /** Whole transactions that wait now, up to about `limit` changes; none when a large one comes next. */
  takeWaiting(limit: number): TransactionPart[] {
    return this.parts[0]?.commit && !this.closed ? this.cut(limit) : [];
  }

  private cut(limit: number): TransactionPart[] {
    let count = 1;
    let changes = this.parts[0]?.changes.length ?? 0;
    if (this.parts[0]?.commit) {
      for (let next = this.parts[count]; next?.commit && changes + next.changes.length <= limit;) {
        changes += next.changes.length;
        next = this.parts[++count];
      }
    }
    const taken = this.parts.splice(0, count);
    this.waiting -= changes;
    const size = taken.reduce((sum, part) => sum + part.size, 0);
    if (this.size >= highWater && this.size - size < highWater) this.pause(false);
    this.size -= size;
    return taken;
  }
}
