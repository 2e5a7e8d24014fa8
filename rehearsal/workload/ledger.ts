import { closeSync, openSync, writeSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createHash } from 'node:crypto';
import type { Side } from './configuration';

/** What one transaction did to one key. The resulting row as `to_jsonb` text, or null after a deletion. */
export interface Operation {
  table: string;
  key: string[];
  row: string | null;
  /** The answer was lost, and with it the row: nobody knows what this key holds. */
  unknown?: true;
}

/**
 * `ok`: the commit was acknowledged. `failed`: certainly without effect, since COMMIT was never sent or was refused.
 * `ambiguous`: COMMIT was sent and its answer lost. Times are epoch milliseconds with fractions.
 */
export interface TransactionRecord {
  kind: 'transaction';
  client: string;
  sequence: number;
  invoked: number;
  ended: number;
  /** Part of the time between the two in which the client itself held the transaction open. */
  heldMilliseconds?: number;
  side: Side;
  xid: string | null;
  /** Key of the transaction's row in `rehearsal_ledger.entries`. */
  entry: string | null;
  outcome: 'ok' | 'failed' | 'ambiguous';
  operations: Operation[];
  /** Keys that the engine made: column (`schema.table.column`) and value. */
  generated: [string, string][];
  reason?: string;
}

/** A client that ignores DNS committed straight on a side. */
export interface ProbeRecord {
  kind: 'probe';
  side: Side;
  xid: string;
  at: number;
}

/** A row of samples in which the write accounts' state did not change, as the engine's superuser saw them. */
export interface GateRecord {
  kind: 'gate';
  side: Side;
  from: number;
  until: number;
  samples: number;
  /** Write accounts that were allowed to log in. */
  unlocked: string[];
  /** Most sessions of the write accounts in one sample. */
  sessions: number;
}

/** Answers of one authoritative name server for the write record, for as long as they stayed the same. */
export interface RouteRecord {
  kind: 'route';
  nameServer: string;
  from: number;
  until: number;
  samples: number;
  answer: string;
}

/** The highest generated values before the first write. */
export interface BaselineRecord {
  kind: 'baseline';
  generated: [string, string][];
}

/** A client lost its connection or was refused one. */
export interface BreakRecord {
  kind: 'break';
  client: string;
  at: number;
  reason: string;
}

export type LedgerRecord = TransactionRecord | ProbeRecord | GateRecord | RouteRecord | BaselineRecord | BreakRecord;

/** Longer rows stand in the ledger as their digest: the judge makes the same of what it reads. */
const LONGEST_ROW_CHARACTERS = 2000;

export function rowInLedger(row: string | null): string | null {
  if (row === null || row.length <= LONGEST_ROW_CHARACTERS) return row;
  return `sha256:${createHash('sha256').update(row).digest('hex')}`;
}

/** Append-only NDJSON file, written in small batches. */
export class LedgerWriter {
  private readonly file: number;
  private readonly timer: NodeJS.Timeout;
  private pending: string[] = [];

  constructor(path: string) {
    this.file = openSync(path, 'a');
    this.timer = setInterval(() => this.flush(), 100);
    this.timer.unref();
  }

  write(record: LedgerRecord): void {
    this.pending.push(JSON.stringify(record));
  }

  flush(): void {
    if (this.pending.length === 0) return;
    writeSync(this.file, `${this.pending.join('\n')}\n`);
    this.pending = [];
  }

  close(): void {
    clearInterval(this.timer);
    this.flush();
    closeSync(this.file);
  }
}

/** Reads the records of a ledger file in their order. A last line without its end is left out. */
export async function* readLedger(path: string): AsyncGenerator<LedgerRecord> {
  let last: string | undefined;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    if (last !== undefined && last !== '') yield JSON.parse(last) as LedgerRecord;
    last = line;
  }
  if (last === undefined || last === '') return;
  try {
    yield JSON.parse(last) as LedgerRecord;
  } catch {
    // The process died while it wrote this line; nothing was acknowledged by it.
  }
}
