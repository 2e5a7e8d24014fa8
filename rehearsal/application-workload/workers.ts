import type { ApplicationSession, JobQueue } from '../application/engine/application-session';
import { keyOf, rowText } from '../application/engine/neutral-row';
import { reasonOf } from '../application/reason';
import { epochMilliseconds, pause } from '../workload/clock';
import type { Side } from '../workload/configuration';
import type { Controlled } from '../workload/consumer-server';
import { type LedgerWriter, rowInLedger, type TransactionRecord } from '../workload/ledger';
import type { Statistics } from '../workload/statistics';

export interface WorkersOptions {
  queue: JobQueue;
  open: (side: Side) => Promise<ApplicationSession>;
  /** The side whose worker runs at the start. */
  side: Side;
  ledger: LedgerWriter;
  statistics: Statistics;
  jobsPerSecond: number;
}

const NAME = 'consumer';

/**
 * The queue's workers, one beside each stack, each with its own stack's database: DNS does not move them. At most one
 * runs; `resume` says which. They change only jobs' state, so that no other client's rows are their concern.
 */
export class Workers implements Controlled {
  private readonly options: WorkersOptions;
  private side: Side;
  private paused = false;
  private session: ApplicationSession | undefined;
  private busy = false;
  private sequence = 0;

  constructor(options: WorkersOptions) {
    this.options = options;
    this.side = options.side;
  }

  /** The worker of one side: at work while it is that side's turn. */
  async run(side: Side, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.paused || this.busy || this.side !== side) await pause(10, signal);
      else await this.step(signal);
    }
    this.letGo();
  }

  async pause(): Promise<void> {
    this.paused = true;
    while (this.busy) await pause(5);
    this.letGo();
  }

  resume(side: Side | undefined): void {
    if (side !== undefined && side !== this.side) {
      this.letGo();
      this.side = side;
    }
    this.paused = false;
  }

  isQuiet(): boolean {
    return this.paused && !this.busy && this.session === undefined;
  }

  describe(): { paused: boolean; side: Side; connected: boolean } {
    return { paused: this.paused, side: this.side, connected: this.session !== undefined };
  }

  private letGo(): void {
    this.session?.close();
    this.session = undefined;
  }

  private async step(signal: AbortSignal): Promise<void> {
    this.busy = true;
    try {
      if (this.session === undefined || this.session.broken) this.session = await this.options.open(this.side);
      await this.takeJob(this.session);
    } catch {
      this.letGo();
    } finally {
      this.busy = false;
    }
    await pause(this.session ? 1000 / this.options.jobsPerSecond : 100, signal);
  }

  private async takeJob(session: ApplicationSession): Promise<void> {
    const { queue, ledger, statistics } = this.options;
    const record: TransactionRecord = {
      kind: 'transaction', client: NAME, sequence: ++this.sequence, invoked: epochMilliseconds(), ended: 0,
      side: this.side, xid: null, entry: null, outcome: 'failed', operations: [], generated: [],
    }; // prettier-ignore
    let commitSent = false;
    try {
      await session.begin();
      const row = await session.takeJob(queue);
      if (row === undefined) return void (await session.rollback());
      record.operations.push({ table: queue.table.id, key: keyOf(queue.table, row), row: rowInLedger(rowText(row)) });
      const { entry, transaction } = await session.enter(NAME, record.sequence, `${NAME} ${record.sequence}`);
      Object.assign(record, { entry, xid: transaction });
      commitSent = true;
      record.outcome = (await session.commit()) ? 'ok' : 'failed';
    } catch (error) {
      record.reason = reasonOf(error);
      record.outcome = commitSent && !session.isRefusedCommit(error) ? 'ambiguous' : 'failed';
      if (!session.broken) await session.rollback().catch(() => undefined);
    }
    record.ended = epochMilliseconds();
    ledger.write(record);
    statistics.transaction(record, false);
  }
}
