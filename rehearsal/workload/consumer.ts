import { epochMilliseconds, pause } from './clock';
import type { Side } from './configuration';
import type { LedgerWriter, TransactionRecord } from './ledger';
import { rowInLedger } from './ledger';
import { isRefusal, reasonOf, Session, type SessionOptions } from './session';
import type { Statistics } from './statistics';

/** Where jobs wait, resolved from the catalogue: SQL is already quoted. */
export interface JobQueue {
  table: string;
  sql: string;
  key: { sql: string; type: string };
  column: { sql: string; type: string };
  waiting: string;
  done: string;
}

export interface ConsumerOptions {
  name: string;
  queue: JobQueue;
  connectionTo: (side: Side) => SessionOptions;
  side: Side;
  ledger: LedgerWriter;
  statistics: Statistics;
  jobsPerSecond: number;
}

/**
 * A writer that DNS does not move: it connects straight to one side's host and takes jobs there, until it is paused and
 * told to resume at the other side. It changes only jobs' state, so that no other client's rows are its concern.
 */
export class Consumer {
  private readonly options: ConsumerOptions;
  private side: Side;
  private paused = false;
  private session: Session | undefined;
  private busy = false;
  private sequence = 0;

  constructor(options: ConsumerOptions) {
    this.options = options;
    this.side = options.side;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.paused) await pause(10, signal);
      else await this.step(signal);
    }
    this.session?.close();
  }

  /** Returns when the job in hand is finished and the connection is closed. */
  async pause(): Promise<void> {
    this.paused = true;
    while (this.busy) await pause(5);
    this.session?.close();
    this.session = undefined;
  }

  resume(side: Side | undefined): void {
    if (side !== undefined && side !== this.side) {
      this.session?.close();
      this.session = undefined;
      this.side = side;
    }
    this.paused = false;
  }

  /** True while it is paused, holds no connection and has no job in hand. */
  isQuiet(): boolean {
    return this.paused && !this.busy && this.session === undefined;
  }

  describe(): { paused: boolean; side: Side; connected: boolean } {
    return { paused: this.paused, side: this.side, connected: this.session !== undefined };
  }

  private async step(signal: AbortSignal): Promise<void> {
    this.busy = true;
    try {
      if (this.session === undefined || this.session.broken)
        this.session = await Session.open(this.options.connectionTo(this.side));
      await this.takeJob(this.session);
    } catch {
      this.session?.close();
      this.session = undefined;
    } finally {
      this.busy = false;
    }
    await pause(this.session ? 1000 / this.options.jobsPerSecond : 100, signal);
  }

  private async takeJob(session: Session): Promise<void> {
    const { queue, name, ledger, statistics } = this.options;
    const record: TransactionRecord = {
      kind: 'transaction', client: name, sequence: ++this.sequence, invoked: epochMilliseconds(), ended: 0, side: this.side,
      xid: null, entry: null, outcome: 'failed', operations: [], generated: [],
    }; // prettier-ignore
    let commitSent = false;
    try {
      await session.run('BEGIN');
      const { rows } = await session.run(
        takeSql(queue),
        [queue.done, queue.waiting, name, record.sequence, `${name} ${record.sequence}`],
        'take',
      );
      const [entry, xid, key, row] = rows[0] ?? [];
      if (entry === null || entry === undefined) return void (await session.run('ROLLBACK'));
      Object.assign(record, { entry, xid: xid ?? null });
      record.operations.push({ table: queue.table, key: [key ?? ''], row: rowInLedger(row ?? null) });
      commitSent = true;
      record.outcome = (await session.run('COMMIT')).command === 'COMMIT' ? 'ok' : 'failed';
    } catch (error) {
      record.reason = reasonOf(error);
      record.outcome = commitSent && !isRefusal(error) ? 'ambiguous' : 'failed';
      if (!session.broken) await session.run('ROLLBACK').catch(() => undefined);
    }
    record.ended = epochMilliseconds();
    ledger.write(record);
    statistics.transaction(record, false);
  }
}

/** Takes the oldest waiting job, if any, and writes a ledger entry only then. */
function takeSql({ sql, key, column }: JobQueue): string {
  return `WITH job AS (
      SELECT j.${key.sql} AS key FROM ${sql} j WHERE j.${column.sql} = $2::${column.type}
      ORDER BY 1 LIMIT 1 FOR UPDATE SKIP LOCKED),
    taken AS (
      UPDATE ${sql} AS "whole row" SET ${column.sql} = $1::${column.type} FROM job WHERE "whole row".${key.sql} = job.key
      RETURNING "whole row".${key.sql}::text AS key, to_jsonb("whole row")::text AS row),
    entry AS (
      INSERT INTO rehearsal_ledger.entries (client, sequence_number, note)
      SELECT $3, $4, $5 FROM taken RETURNING id::text)
    SELECT entry.id, pg_current_xact_id()::text, taken.key, taken.row FROM taken, entry`;
}
