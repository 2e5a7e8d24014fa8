import type { TransactionRecord } from '../workload/ledger';
import { entryName } from './ledger-view';
import type { EngineFacts } from './side-facts';

/**
 * When the engine that a transaction was made on committed it; undefined where it never did. A server that dies before it
 * has written a commit down gives the transaction's number to another when it is back: then the number was committed after
 * the client had lost its answer, and the transaction's entry does not stand there.
 */
export function committedAt(facts: EngineFacts, transaction: TransactionRecord): number | undefined {
  const { side, xid, outcome, ended } = transaction;
  const { commits, entries } = facts[side];
  const at = xid === null ? undefined : commits.get(xid);
  if (at === undefined || outcome !== 'ambiguous' || at <= ended || entries.has(entryName(transaction))) return at;
  return undefined;
}
