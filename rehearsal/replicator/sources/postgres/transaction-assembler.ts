import { formatLsn } from '../../postgres/lsn';
import type { RoutedChange } from '../../routed-change';
import type { StreamTarget } from '../change-source';
import { TestDecodingParser } from './test-decoding';

/** Changes of one piece: a larger transaction is handed on in pieces, so that it never has to fit into memory. */
const pieceChanges = 2_000;

/** Puts the plugin's messages together to transactions, under the target's names, and queues them. */
export class TransactionAssembler {
  private readonly parser = new TestDecodingParser();
  private readonly into: StreamTarget;
  private changes: RoutedChange[] = [];
  private size = 0;
  private piecesSent = false;
  private open = false;

  constructor(into: StreamTarget) {
    this.into = into;
  }

  /** True between the BEGIN and the COMMIT of a transaction. */
  get midTransaction(): boolean {
    return this.open;
  }

  /** @param position for a COMMIT: the LSN just behind its record, where a restart goes on */
  message(text: string, position: bigint): void {
    const message = this.parser.parse(text);
    if (message.kind === 'begin') {
      this.open = true;
    } else if (message.kind === 'commit') {
      this.open = false;
      this.into.latency.noteRead(message.committedAtMilliseconds);
      // A transaction that touched no captured table is not worth a transaction on the target.
      if (this.piecesSent || this.changes.length > 0) {
        this.hand({ position: formatLsn(position), committedAtMilliseconds: message.committedAtMilliseconds });
      }
      this.piecesSent = false;
    } else {
      const change = this.into.router.translate(message);
      if (!change) return;
      this.changes.push(change);
      this.size += text.length;
      if (this.changes.length >= pieceChanges || this.size >= 4 * 1024 * 1024) {
        this.hand();
        this.piecesSent = true;
      }
    }
  }

  private hand(commit?: { position: string; committedAtMilliseconds: number }): void {
    this.into.queue.push({ changes: this.changes, size: this.size, commit });
    this.changes = [];
    this.size = 0;
  }
}
