import { formatLsn } from '../../postgres/lsn';
import type { StreamTarget } from '../change-source';
import { PartWriter } from '../part-writer';
import { TestDecodingParser } from './test-decoding';

/** Reads the plugin's messages into transactions. */
export class TransactionAssembler {
  private readonly parser = new TestDecodingParser();
  private readonly parts: PartWriter;
  private open = false;

  constructor(into: StreamTarget) {
    this.parts = new PartWriter(into);
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
      this.parts.commit(formatLsn(position), message.committedAtMilliseconds);
    } else {
      this.parts.add(message, text.length);
    }
  }
}
