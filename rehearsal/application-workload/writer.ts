import { rowText } from '../application/engine/neutral-row';
import type { RequestedOperation, RequestedTransaction } from '../application/transaction';
import type { WorkloadMix } from '../scenarios/scenario';
import { epochMilliseconds, pause } from '../workload/clock';
import type { Side } from '../workload/configuration';
import type { Draft } from '../workload/draft';
import { type LedgerWriter, type Operation, rowInLedger, type TransactionRecord } from '../workload/ledger';
import { avoid, letGo, remember } from '../workload/outcome-of-drafts';
import { OwnRows } from '../workload/own-rows';
import type { Pace } from '../workload/pace';
import type { Random } from '../workload/random';
import type { Statistics } from '../workload/statistics';
import type { TableModel } from '../workload/table-model';
import { TransactionPlanner } from '../workload/transaction-plan';
import { requestOfDrafts, settleDrafts } from './request-of-drafts';
import type { Attempt, StackClient } from './stack-client';

export interface ApplicationWriterOptions {
  name: string;
  client: StackClient;
  models: TableModel[];
  mix: WorkloadMix;
  pace: Pace;
  random: Random;
  ledger: LedgerWriter;
  statistics: Statistics;
  sideOf: (address: string) => Side;
}

const TRY_AGAIN_MILLISECONDS = 5;

/** One client that writes all the time through the write record, until the signal. */
export class ApplicationWriter {
  private readonly options: ApplicationWriterOptions;
  private readonly own = new OwnRows();
  private readonly planner: TransactionPlanner;
  private sequence = 0;
  /** Whether the client lost its stack and waits for one that is ready. */
  private waiting = false;

  constructor(options: ApplicationWriterOptions) {
    this.options = options;
    this.planner = new TransactionPlanner(options.models, this.own, options.mix, options.random);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { pace } = this.options;
    for (await pace.turn(signal); !signal.aborted; await pace.turn(signal)) {
      const { drafts, holdMilliseconds } = this.planner.next();
      await this.transact(drafts, holdMilliseconds, signal);
    }
    this.close();
  }

  /** For as long as a stack can be had: what no stack took is no transaction, but for the first attempt. */
  async send(request: RequestedTransaction, drafts: Draft[], signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const attempt = await this.options.client.transact(request, signal);
      if (attempt === undefined) return;
      if (attempt.kind !== 'away') return this.settle(attempt, request, drafts);
      if (!this.waiting) return this.write(this.record(attempt, request.sequence, 'failed'), attempt.reason);
      await pause(TRY_AGAIN_MILLISECONDS, signal);
    }
  }

  close(): void {
    this.options.client.close();
  }

  private async transact(drafts: Draft[], holdMilliseconds: number, signal: AbortSignal): Promise<void> {
    const { name, random } = this.options;
    const sequence = ++this.sequence;
    const operations = requestOfDrafts(drafts, random);
    await this.send(
      { client: name, sequence, note: `${name} ${sequence}`, operations, holdMilliseconds },
      drafts,
      signal,
    );
  }

  private settle(attempt: Exclude<Attempt, { kind: 'away' }>, request: RequestedTransaction, drafts: Draft[]): void {
    const { own } = this;
    if (attempt.kind === 'lost') {
      const record = this.record(attempt, request.sequence, 'ambiguous');
      record.operations = request.operations.flatMap(unknownOperation);
      drafts.forEach((draft) => letGo(own, draft));
      return this.write(record, attempt.reason);
    }
    const { answer } = attempt;
    if (answer.outcome === 'refused') {
      const refused = answer.operation === undefined ? undefined : drafts[answer.operation];
      if (refused) avoid(own, refused);
      const record = this.record(attempt, request.sequence, 'failed');
      record.reason = answer.reason;
      this.options.ledger.write(record);
      this.options.statistics.transaction(record, refused !== undefined);
      return;
    }
    settleDrafts(drafts, answer.changes);
    const record = this.record(attempt, request.sequence, answer.outcome === 'ok' ? 'ok' : 'ambiguous');
    Object.assign(record, { xid: answer.transaction, entry: answer.entry });
    if (answer.heldMilliseconds > 0) record.heldMilliseconds = answer.heldMilliseconds;
    record.operations = answer.changes.map(({ key, row }, place) => ({
      table: request.operations[place]?.table ?? '',
      key,
      row: rowInLedger(row && rowText(row)),
    }));
    record.generated = drafts.flatMap(madeKeys);
    drafts.forEach((draft) => (answer.outcome === 'ok' ? remember(own, draft) : letGo(own, draft)));
    this.write(record, answer.outcome === 'unknown' ? answer.reason : undefined);
  }

  /** With a reason the client has lost its stack, and says so. */
  private write(record: TransactionRecord, lost: string | undefined): void {
    const { ledger, statistics, name } = this.options;
    if (lost !== undefined) record.reason = lost;
    ledger.write(record);
    statistics.transaction(record, false);
    if (lost !== undefined) ledger.write({ kind: 'break', client: name, at: record.ended, reason: lost });
    this.waiting = lost !== undefined;
  }

  private record(attempt: Attempt, sequence: number, outcome: TransactionRecord['outcome']): TransactionRecord {
    const { name, sideOf } = this.options;
    return {
      kind: 'transaction', client: name, sequence, invoked: attempt.invoked, ended: epochMilliseconds(),
      side: sideOf(attempt.at), xid: null, entry: null, outcome, operations: [], generated: [],
    }; // prettier-ignore
  }
}

/** Whoever lost the answer knows neither whether it was done nor what row came of it; of a new row not even the key. */
function unknownOperation(operation: RequestedOperation): Operation[] {
  if (operation.kind === 'insert') return [];
  const key = operation.key.filter((each) => typeof each === 'string');
  return key.length < operation.key.length ? [] : [{ table: operation.table, key, row: null, unknown: true }];
}

function madeKeys(draft: Draft): [string, string][] {
  if (draft.kind !== 'insert') return [];
  const { table } = draft.model;
  return table.columns.flatMap(({ name, keyMaker }): [string, string][] => {
    const value = draft.result?.values[name];
    return keyMaker === 'sequence' && value ? [[`${table.id}.${name}`, value]] : [];
  });
}
