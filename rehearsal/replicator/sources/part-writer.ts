import type { RoutedChange } from '../routed-change';
import type { RowChange } from '../row-change';
import type { StreamTarget } from './change-source';

/** Changes of one piece: a larger transaction is handed on in pieces, so that it never has to fit into memory. */
const pieceChanges = 2_000;
const pieceSize = 4 * 1024 * 1024;

/** Puts a source's changes together to transactions, under the target's names, and queues them. */
export class PartWriter {
  private readonly into: StreamTarget;
  private changes: RoutedChange[] = [];
  private size = 0;
  private piecesSent = false;

  constructor(into: StreamTarget) {
    this.into = into;
  }

  /** True when captured changes of the transaction under way were read. */
  get begun(): boolean {
    return this.piecesSent || this.changes.length > 0;
  }

  /** @param size in characters of log text, about */
  add(change: RowChange, size: number, overlaps = false): void {
    const routed = this.into.router.translate(change);
    if (!routed) return;
    if (overlaps && routed.kind !== 'truncate') routed.overlaps = true;
    this.changes.push(routed);
    this.size += size;
    if (this.changes.length >= pieceChanges || this.size >= pieceSize) {
      this.hand();
      this.piecesSent = true;
    }
  }

  /** @param position where a restart goes on behind this transaction */
  commit(position: string, committedAtMilliseconds: number): void {
    this.into.latency.noteRead(committedAtMilliseconds);
    // A transaction that touched no captured table is not worth a transaction on the target.
    if (this.begun) this.hand({ position, committedAtMilliseconds });
    this.piecesSent = false;
  }

  /** Forgets the transaction under way; false when a piece of it is handed on already. */
  discard(): boolean {
    this.changes = [];
    this.size = 0;
    return !this.piecesSent;
  }

  private hand(commit?: { position: string; committedAtMilliseconds: number }): void {
    this.into.queue.push({ changes: this.changes, size: this.size, commit });
    this.changes = [];
    this.size = 0;
  }
}
