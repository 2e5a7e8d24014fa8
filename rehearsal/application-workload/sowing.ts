import type { RequestedTransaction } from '../application/transaction';
import { type Draft, insertDrafts } from '../workload/draft';
import { OwnRows } from '../workload/own-rows';
import type { Random } from '../workload/random';
import type { TableModel } from '../workload/table-model';
import { requestOfDrafts } from './request-of-drafts';

/** Sends a transaction through the write record, and writes what became of it into the ledger. */
export type SendTransaction = (request: RequestedTransaction, drafts: Draft[]) => Promise<void>;

const SOWN_ROWS = 10;

/** An empty table gets a few rows, acknowledged in the ledger like any other, so that others can refer to them. */
export async function sowRows(
  model: TableModel,
  models: TableModel[],
  random: Random,
  send: SendTransaction,
): Promise<void> {
  const byId = new Map(models.map((each) => [each.table.id, each]));
  for (let sequence = 1; sequence <= SOWN_ROWS; sequence++) {
    const drafts = insertDrafts(model, new OwnRows(), byId, random);
    const client = `sower of ${model.table.id}`;
    const operations = requestOfDrafts(drafts, random);
    await send({ client, sequence, note: client, operations, holdMilliseconds: 0 }, drafts);
  }
}
