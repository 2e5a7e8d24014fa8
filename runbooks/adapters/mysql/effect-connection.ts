import { staleEpoch, standingEpoch } from '../database/epoch';
import { Interruption } from '../database/interruption';
import { noGuard } from '../database/side';
import { untilAborted } from '../until-aborted';
import { interruptible, type Client, type Value } from './client';
import type { TextRow } from './engine-text';
import { located, messageOf, queryInterrupted, serverError, whereMissing } from './sql-error';

export type Row = TextRow;
/** One statement of the turn under way. */
export type Statement = (text: string, values?: readonly Value[]) => Promise<Row[]>;

type Guard = 'epoch' | typeof noGuard;

/**
 * The one connection that changes a side. It never reconnects by itself: once it is gone, so are this run's rights, until
 * an epoch is adopted again. It holds a user-level lock of its own as long as it lives, and stands with it in
 * `cutover_local.effect_session`: whoever raises the epoch finds and ends it by them.
 */
export class EffectConnection {
  private readonly open: (signal: AbortSignal) => Promise<Client>;
  private readonly interrupt: (connectionId: number) => Promise<void>;
  readonly migration: string;
  readonly title: string;
  private readonly lockName: () => string;
  private client: Client | undefined;
  private lock = '';
  private epoch: number | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(options: {
    open: (signal: AbortSignal) => Promise<Client>;
    interrupt: (connectionId: number) => Promise<void>;
    migration: string;
    title: string;
    /** A fresh one for each connection: that of a lost one may still be held. */
    lockName: () => string;
  }) {
    this.open = options.open;
    this.interrupt = options.interrupt;
    this.migration = options.migration;
    this.title = options.title;
    this.lockName = options.lockName;
  }

  get adoptedEpoch(): number {
    if (this.epoch === undefined) throw new Error(`no epoch is adopted on the ${this.title}: take the lock first`);
    return this.epoch;
  }

  async connect(signal: AbortSignal): Promise<void> {
    this.client?.destroy();
    this.client = await this.open(signal);
    this.lock = this.lockName();
  }

  async adopt(epoch: number, signal: AbortSignal): Promise<void> {
    if (!this.client?.isOpen) await this.connect(signal);
    await this.inTurn(() => untilAborted(this.register(epoch), signal));
    this.epoch = epoch;
  }

  /**
   * Stands in the table of effect sessions from here on, unless the table is still to be made: `install` registers again.
   * The lock comes first, so that no row ever stands for a session that could not be found by it.
   */
  async register(epoch = this.epoch): Promise<void> {
    const client = this.live();
    const [answer] = await client.query('SELECT GET_LOCK(?, 0) AS held', [this.lock]);
    if (answer?.['held'] !== '1') throw new Error(`the ${this.title} does not give this run its own lock ${this.lock}`);
    if (epoch === undefined) return;
    await whereMissing(
      client.query(
        `REPLACE INTO cutover_local.effect_session (lock_name, migration, epoch, connection_id, account, adopted_at)
           VALUES (?, ?, ?, CONNECTION_ID(), CURRENT_USER(), SYSDATE(6))`,
        [this.lock, this.migration, epoch],
      ),
      [],
    );
  }

  /**
   * Runs one transaction; the guard locks the state row first, so whoever raises the epoch waits for it, or ends it.
   * For what commits implicitly (accounts, DDL) see `statements`.
   * @throws StaleEpochError when the side accepts another epoch than the adopted one.
   */
  transaction<T>(signal: AbortSignal, work: (statement: Statement) => Promise<T>, guard: Guard = 'epoch'): Promise<T> {
    return this.inTurn(() => this.run(signal, work, guard, 'transaction'));
  }

  /**
   * Runs statements that commit each for itself. The epoch is checked first; who raises it afterwards ends this session,
   * and looks for it again after having raised: between check and statement nobody can slip in.
   * @throws StaleEpochError when the side accepts another epoch than the adopted one.
   */
  statements<T>(signal: AbortSignal, work: (statement: Statement) => Promise<T>, guard: Guard = 'epoch'): Promise<T> {
    return this.inTurn(() => this.run(signal, work, guard, 'statements'));
  }

  async close(): Promise<void> {
    await this.queue;
    const { client } = this;
    this.client = undefined;
    await client?.end();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private live(): Client {
    if (!this.client?.isOpen)
      throw new Error(`this run's connection to the ${this.title} is gone and is not opened again by itself`);
    return this.client;
  }

  private async run<T>(
    signal: AbortSignal,
    work: (statement: Statement) => Promise<T>,
    guard: Guard,
    kind: 'transaction' | 'statements',
  ): Promise<T> {
    signal.throwIfAborted();
    const client = this.live();
    const statement: Statement = async (text, values = []) => {
      signal.throwIfAborted();
      return client.query(text, values);
    };
    const interruption = new Interruption(interruptible(client, this.interrupt), signal);
    try {
      if (kind === 'transaction') await statement('START TRANSACTION READ WRITE');
      if (guard === 'epoch') await this.check(statement, kind);
      const result = await work(statement);
      signal.throwIfAborted();
      // From here on the answer decides: a commit is not interrupted.
      interruption.spare();
      if (kind === 'transaction') await client.query('COMMIT');
      return result;
    } catch (error) {
      await interruption.settled();
      await rollBack(client);
      if (serverError(error) === queryInterrupted) signal.throwIfAborted();
      if (!client.isOpen)
        throw new Error(`the connection to the ${this.title} broke: ${messageOf(error)}`, { cause: error });
      throw located(error, this.title);
    } finally {
      interruption.stop();
    }
  }

  private async check(statement: Statement, kind: 'transaction' | 'statements'): Promise<void> {
    const { adoptedEpoch } = this;
    // Where nothing can be held, the shared lock at least waits for an epoch that is just being raised.
    const lock = kind === 'transaction' ? 'FOR UPDATE' : 'LOCK IN SHARE MODE';
    const found = await statement(`SELECT epoch FROM cutover_local.state WHERE migration = ? ${lock}`, [
      this.migration,
    ]);
    const standing = standingEpoch(this, found[0]?.['epoch']);
    if (standing !== adoptedEpoch) throw staleEpoch(this, standing, adoptedEpoch);
  }
}

/** An interruption that comes late may hit the first attempt. */
async function rollBack(client: Client): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await client.query('ROLLBACK');
      return;
    } catch (error) {
      if (serverError(error) !== queryInterrupted) return;
    }
  }
}
