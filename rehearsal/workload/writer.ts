import { epochMilliseconds } from './clock';
import type { Side } from './configuration';
import { connect, type FollowerOptions } from './follower';
import type { LedgerWriter } from './ledger';
import { OwnRows } from './own-rows';
import { avoid, letGo, remember } from './outcome-of-drafts';
import type { Pace } from './pace';
import type { Random } from './random';
import type { Session } from './session';
import type { Statistics } from './statistics';
import type { TableModel } from './table-model';
import { type TransactionOutcome, transact } from './transaction';
import { TransactionPlanner } from './transaction-plan';
import type { WorkloadMix } from '../scenarios/scenario';

export interface WriterOptions {
  name: string;
  follower: FollowerOptions;
  models: TableModel[];
  mix: WorkloadMix;
  pace: Pace;
  random: Random;
  ledger: LedgerWriter;
  statistics: Statistics;
  sideOf: (address: string) => Side;
}

/** One client that writes all the time through the write record, until the signal. */
export class Writer {
  private readonly options: WriterOptions;
  private readonly own = new OwnRows();
  private readonly planner: TransactionPlanner;
  private sequence = 0;

  constructor(options: WriterOptions) {
    this.options = options;
    this.planner = new TransactionPlanner(options.models, this.own, options.mix, options.random);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const session = await connect(this.options.follower, signal);
      if (session === undefined) return;
      await this.work(session, signal);
      session.close();
    }
  }

  private async work(session: Session, signal: AbortSignal): Promise<void> {
    const { pace, ledger, name, statistics } = this.options;
    let reason = 'connection lost while idle';
    for (await pace.turn(signal); !session.broken && !signal.aborted; await pace.turn(signal)) {
      const outcome = await this.transaction(session);
      ledger.write(outcome.record);
      statistics.transaction(outcome.record, outcome.refused !== undefined);
      if (outcome.record.reason !== undefined) reason = outcome.record.reason;
    }
    if (session.broken) ledger.write({ kind: 'break', client: name, at: epochMilliseconds(), reason });
  }

  private async transaction(session: Session): Promise<TransactionOutcome> {
    const { name, random, sideOf } = this.options;
    const { drafts, holdMilliseconds } = this.planner.next();
    const sequence = ++this.sequence;
    const side = sideOf(session.endpoint.address);
    const note = `${name} ${sequence}`;
    const outcome = await transact(session, { client: name, sequence, note, side, drafts, holdMilliseconds }, random);
    if (outcome.record.outcome === 'ok') for (const draft of drafts) remember(this.own, draft);
    if (outcome.record.outcome === 'ambiguous') for (const draft of drafts) letGo(this.own, draft);
    if (outcome.refused) avoid(this.own, outcome.refused);
    return outcome;
  }
}
