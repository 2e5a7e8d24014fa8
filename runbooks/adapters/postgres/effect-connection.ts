import type { Client } from 'pg';
import { staleEpoch, standingEpoch } from '../database/epoch';
import { Interruption } from '../database/interruption';
import { noGuard } from '../database/side';
import { interruptible } from './open-client';
import { located, messageOf, queryCancelled, sqlState } from './sql-error';
import { untilAborted } from '../until-aborted';

export type Row = Record<string, unknown>;
/** One statement of the transaction under way. */
export type Statement = (text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** How a transaction makes sure that the side still accepts this run. */
export type Guard = (statement: Statement, migration: string) => Promise<Row[]>;

/** Locks the state row: whoever raises the epoch waits for this transaction, or ends it. */
const lockedEpoch: Guard = (statement, migration) =>
  statement('SELECT epoch::text FROM cutover_local.state WHERE migration = $1 FOR UPDATE', [migration]);

/** Key of the advisory lock that stands for the state row where no row may be locked. */
export const epochLock = `hashtextextended('cutover_local.state', 0)`;

/**
 * Without a row lock, which would assign a transaction id: a logical slot cannot be created after that, and would wait for it.
 */
export const sharedEpoch: Guard = async (statement, migration) => {
  await statement(`SELECT pg_advisory_xact_lock_shared(${epochLock})`);
  return statement('SELECT epoch::text FROM cutover_local.state WHERE migration = $1', [migration]);
};

/**
 * The one connection that changes a side. It never reconnects by itself: once it is gone, so are this run's rights, until
 * an epoch is adopted again.
 */
export class EffectConnection {
  private readonly open: (signal: AbortSignal) => Promise<Client>;
  private readonly cancel: (pid: number) => Promise<void>;
  readonly migration: string;
  readonly title: string;
  private readonly tag: (epoch: number) => string;
  private client: Client | undefined;
  private gone = true;
  private epoch: number | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: {
    open: (signal: AbortSignal) => Promise<Client>;
    cancel: (pid: number) => Promise<void>;
    migration: string;
    title: string;
    tag: (epoch: number) => string;
  }) {
    this.open = options.open;
    this.cancel = options.cancel;
    this.migration = options.migration;
    this.title = options.title;
    this.tag = options.tag;
  }

  get adoptedEpoch(): number {
    if (this.epoch === undefined) throw new Error(`no epoch is adopted on the ${this.title}: take the lock first`);
    return this.epoch;
  }

  async connect(signal: AbortSignal): Promise<void> {
    const client = await this.open(signal);
    client.once('end', () => {
      if (this.client === client) this.gone = true;
    });
    this.client = client;
    this.gone = false;
  }

  async adopt(epoch: number, signal: AbortSignal): Promise<void> {
    if (this.gone) await this.connect(signal);
    await this.inTurn(() =>
      untilAborted(
        this.live().query('SELECT set_config($1, $2, false)', ['application_name', this.tag(epoch)]),
        signal,
      ),
    );
    this.epoch = epoch;
  }

  /**
   * Runs one transaction. The guard goes first.
   * @throws StaleEpochError when the side accepts another epoch than the adopted one.
   */
  transaction<T>(
    signal: AbortSignal,
    work: (statement: Statement) => Promise<T>,
    guard: Guard | typeof noGuard = lockedEpoch,
  ): Promise<T> {
    return this.inTurn(() => this.run(signal, work, guard));
  }

  async close(): Promise<void> {
    await this.queue;
    const { client } = this;
    this.client = undefined;
    this.gone = true;
    await client?.end().catch(() => undefined);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private live(): Client {
    if (!this.client || this.gone)
      throw new Error(`this run's connection to the ${this.title} is gone and is not opened again by itself`);
    return this.client;
  }

  private async run<T>(
    signal: AbortSignal,
    work: (statement: Statement) => Promise<T>,
    guard: Guard | typeof noGuard,
  ): Promise<T> {
    signal.throwIfAborted();
    const client = this.live();
    const statement: Statement = async (text, values = []) => {
      signal.throwIfAborted();
      return (await client.query<Row>(text, [...values])).rows;
    };
    const interruption = new Interruption(interruptible(client, this.cancel), signal);
    try {
      const begun = client.query('BEGIN');
      begun.catch(() => undefined);
      if (guard !== noGuard) await this.check(await guard(statement, this.migration));
      await begun;
      const result = await work(statement);
      signal.throwIfAborted();
      // From here on the answer decides: a commit is not cancelled.
      interruption.spare();
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await interruption.settled();
      await rollBack(client);
      if (sqlState(error) === queryCancelled) signal.throwIfAborted();
      if (this.gone)
        throw new Error(`the connection to the ${this.title} broke: ${messageOf(error)}`, { cause: error });
      throw located(error, this.title);
    } finally {
      interruption.stop();
    }
  }

  private async check(found: Row[]): Promise<void> {
    const standing = standingEpoch(this, found[0]?.['epoch']);
    if (standing !== this.adoptedEpoch) throw staleEpoch(this, standing, this.adoptedEpoch);
  }
}

/** A cancellation that comes late may hit the first attempt. */
async function rollBack(client: Client): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await client.query('ROLLBACK');
      return;
    } catch (error) {
      if (sqlState(error) !== queryCancelled) return;
    }
  }
}
