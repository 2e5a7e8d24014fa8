import { createHash } from 'node:crypto';
import type { Clock } from '../ports/clock';
import type { JournalStore } from '../ports/journal-store';

export const noPrevious = '0'.repeat(64);
export const recordHash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** What one record says beside its place in the chain. No secrets. */
export type JournalEntry = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Remembers number and head of the chain outside the store, so that a cut tail is seen. */
export type RememberHead = (records: number, head: string) => Promise<void>;

/**
 * The journal of one run: append-only, each record carrying the hash of the one before. Appends are made one after the
 * other, so numbers have no gaps.
 */
export class Journal {
  readonly runId: string;
  private readonly store: JournalStore;
  private readonly clock: Clock;
  private readonly actor: string;
  private rememberHead: RememberHead = async () => undefined;
  private epoch = 0;
  private records = 0;
  private head = noPrevious;
  private queue: Promise<void> = Promise.resolve();
  private spooled = false;
  private spooledBecause: unknown;
  /** A record whose fate in the store is unknown: it may stand there, so it comes before the next one, word by word. */
  private pending: string | undefined;

  constructor(options: { store: JournalStore; clock: Clock; runId: string; actor: string }) {
    this.store = options.store;
    this.clock = options.clock;
    this.runId = options.runId;
    this.actor = options.actor;
  }

  adopt(epoch: number, rememberHead: RememberHead): void {
    this.epoch = epoch;
    this.rememberHead = rememberHead;
  }

  get hasSpooled(): boolean {
    return this.spooled;
  }

  /**
   * Resolves when the record is durable. With `spoolOnFailure` (undo must go on) a record that the store cannot take is
   * kept on this computer instead; otherwise the failure is the caller's.
   */
  append(entry: JournalEntry, signal: AbortSignal, spoolOnFailure = false): Promise<void> {
    const turn = this.queue.then(() => this.write(entry, signal, spoolOnFailure));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async write(entry: JournalEntry, signal: AbortSignal, spoolOnFailure: boolean): Promise<void> {
    if (this.pending !== undefined) await this.keep(this.pending, signal, spoolOnFailure);
    const text = JSON.stringify({
      schema: 1,
      runId: this.runId,
      number: this.records + 1,
      previous: this.head,
      at: new Date(this.clock.nowMilliseconds()).toISOString(),
      epoch: this.epoch,
      actor: this.actor,
      ...entry,
    });
    await this.keep(text, signal, spoolOnFailure);
    await this.rememberHead(this.records, this.head).catch((cause: unknown) => {
      if (!spoolOnFailure) throw new JournalError(`the journal's head cannot be kept: ${messageOf(cause)}`, { cause });
    });
  }

  private async keep(text: string, signal: AbortSignal, spoolOnFailure: boolean): Promise<void> {
    if (this.spooled && !spoolOnFailure)
      throw new JournalError(
        `the journal cannot be written: ${messageOf(this.spooledBecause)} (what it lacks is kept on this computer)`,
        { cause: this.spooledBecause },
      );
    const number = this.records + 1;
    this.pending = text;
    try {
      // Once a record was spooled the later ones follow it there: the chain in the store must have no gap.
      if (this.spooled) await this.store.spool(this.runId, number, text);
      else await this.store.append(this.runId, number, text, signal);
    } catch (cause) {
      if (!spoolOnFailure) throw new JournalError(`the journal cannot be written: ${messageOf(cause)}`, { cause });
      await this.store.spool(this.runId, number, text);
      this.spooled = true;
      this.spooledBecause = cause;
    }
    this.pending = undefined;
    this.records = number;
    this.head = recordHash(text);
  }
}

/** No new forward effect starts without a journal. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Why a chain of stored records is broken; undefined when it holds. */
export function brokenChain(
  records: readonly string[],
  remembered?: { records: number; head: string },
): string | undefined {
  let previous = noPrevious;
  for (const [index, text] of records.entries()) {
    const record = JSON.parse(text) as { number: number; previous: string };
    if (record.number !== index + 1) return `record ${index + 1} carries number ${record.number}`;
    if (record.previous !== previous) return `record ${index + 1} does not follow the one before it`;
    previous = recordHash(text);
  }
  if (remembered && remembered.records > records.length)
    return `the tail is cut: ${records.length} records stand, ${remembered.records} were written`;
  if (remembered && remembered.records === records.length && remembered.head !== previous)
    return 'the last record is not the one that was written';
  return undefined;
}
