import { withEntry } from './change';
import { epochMilliseconds, pause } from './clock';
import type { Side } from './configuration';
import { changeOf, type Draft, settle } from './draft';
import { type Operation, rowInLedger, type TransactionRecord } from './ledger';
import type { Random } from './random';
import { isRefusal, reasonOf, type Session } from './session';

export interface TransactionRequest {
  client: string;
  sequence: number;
  note: string;
  side: Side;
  drafts: Draft[];
  /** How long to hold the transaction open, idle, before its commit. */
  holdMilliseconds: number;
}

/** The transaction's record and, where one statement was refused by the schema, the draft that it belongs to. */
export interface TransactionOutcome {
  record: TransactionRecord;
  refused?: Draft;
}

/** Runs one transaction and says what became of it; never throws. */
export async function transact(
  session: Session,
  request: TransactionRequest,
  random: Random,
): Promise<TransactionOutcome> {
  const { client, sequence, side } = request;
  const record: TransactionRecord = {
    kind: 'transaction', client, sequence, invoked: epochMilliseconds(), ended: 0, side, xid: null, entry: null,
    outcome: 'failed', operations: [], generated: [],
  }; // prettier-ignore
  let at: Draft | undefined;
  let commitSent = false;
  try {
    // Not waited for: the first statement follows it in the same breath.
    const begun = session.run('BEGIN');
    begun.catch(() => undefined);
    for (at of request.drafts) await change(session, request, at, record, random);
    at = undefined;
    await begun;
    if (request.holdMilliseconds > 0) await hold(request.holdMilliseconds, record);
    commitSent = true;
    const { command } = await session.run('COMMIT');
    record.outcome = command === 'COMMIT' ? 'ok' : 'failed';
  } catch (error) {
    record.reason = reasonOf(error);
    record.outcome = commitSent && !isRefusal(error) ? 'ambiguous' : 'failed';
    if (!session.broken) await session.run('ROLLBACK').catch(() => undefined);
  }
  record.ended = epochMilliseconds();
  return { record, refused: session.broken ? undefined : at };
}

async function change(
  session: Session,
  request: TransactionRequest,
  draft: Draft,
  record: TransactionRecord,
  random: Random,
): Promise<void> {
  const made = changeOf(draft, random);
  const last = draft === request.drafts[request.drafts.length - 1];
  const { name, sql } = last ? withEntry(made) : made;
  const values = last ? [...made.values, request.client, request.sequence, request.note] : made.values;
  const { rows } = await session.run(sql, values, name);
  const answer = rows[0] ?? [];
  if (last) [record.entry, record.xid] = [answer[0] ?? null, answer[1] ?? null];
  const returned = last ? answer.slice(2) : answer;
  if (returned[0] === undefined || returned[0] === null) {
    // A row that this client alone may touch is gone, or a trigger of the schema swallowed the change.
    throw new Error(`no row of ${made.model.table.id} was changed by ${draft.kind}`);
  }
  const { key, values: row } = settle(draft, made, returned);
  record.operations.push(operation(made.model.table.id, key, returned[made.returned.length] ?? null));
  if (draft.kind !== 'insert') return;
  for (const column of made.model.table.columns) {
    const value = row[column.name];
    if (column.keyMaker === 'sequence' && value)
      record.generated.push([`${made.model.table.id}.${column.name}`, value]);
  }
}

function operation(table: string, key: string[], row: string | null): Operation {
  return { table, key, row: rowInLedger(row) };
}

async function hold(milliseconds: number, record: TransactionRecord): Promise<void> {
  const from = epochMilliseconds();
  await pause(milliseconds);
  record.heldMilliseconds = Math.round(epochMilliseconds() - from);
}
