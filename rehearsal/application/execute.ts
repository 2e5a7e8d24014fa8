import { pause } from '../workload/clock';
import type { ApplicationSession } from './engine/application-session';
import { keyOf } from './engine/neutral-row';
import { canonical, type NeutralRow } from './canonical';
import type { NeutralTable } from './model/neutral-table';
import { reasonOf } from './reason';
import type {
  ChangedRow,
  GivenValue,
  RequestedOperation,
  RequestedTransaction,
  TransactionAnswer,
} from './transaction';

export type Tables = ReadonlyMap<string, NeutralTable>;

/** Runs one transaction, its ledger entry last, and says what became of it; never throws. */
export async function execute(
  session: ApplicationSession,
  tables: Tables,
  request: RequestedTransaction,
): Promise<TransactionAnswer> {
  const changes: ChangedRow[] = [];
  let heldMilliseconds = 0;
  let operation: number | undefined = 0;
  let sent: { entry: string; transaction: string } | undefined;
  try {
    await session.begin();
    for (; operation < request.operations.length; operation += 1) {
      changes.push(await change(session, tables, request.operations[operation] as RequestedOperation, changes));
    }
    operation = undefined;
    heldMilliseconds = await hold(request.holdMilliseconds);
    const entry = await session.enter(request.client, request.sequence, request.note);
    sent = entry;
    if (!(await session.commit())) return { outcome: 'refused', reason: 'rolled back instead of committed' };
    return { outcome: 'ok', ...entry, changes, heldMilliseconds };
  } catch (error) {
    const reason = reasonOf(error);
    const certain = sent === undefined || session.isRefusedCommit(error);
    if (!session.broken) await session.rollback().catch(() => undefined);
    if (sent !== undefined && !certain) return { outcome: 'unknown', reason, ...sent, changes, heldMilliseconds };
    const rules = operation !== undefined && !session.broken && !isContention(reason);
    return { outcome: 'refused', reason, heldMilliseconds, ...(rules ? { operation } : {}) };
  }
}

async function hold(milliseconds: number): Promise<number> {
  if (milliseconds <= 0) return 0;
  const from = performance.now();
  await pause(milliseconds);
  return Math.round(performance.now() - from);
}

/** Runs operations within a transaction that the caller has begun. Throws the first refusal. */
export async function apply(
  session: ApplicationSession,
  tables: Tables,
  operations: readonly RequestedOperation[],
): Promise<ChangedRow[]> {
  const changes: ChangedRow[] = [];
  for (const each of operations) changes.push(await change(session, tables, each, changes));
  return changes;
}

/** One operation; the values that it takes from rows of earlier ones are known by then. */
async function change(
  session: ApplicationSession,
  tables: Tables,
  operation: RequestedOperation,
  earlier: readonly ChangedRow[],
): Promise<ChangedRow> {
  const table = tables.get(operation.table);
  if (table === undefined) throw new Error(`no table ${operation.table} stands on both sides`);
  const known = (given: GivenValue): string | null =>
    typeof given === 'object' && given !== null ? (earlier[given.operation]?.row?.[given.column] ?? null) : given;
  if (operation.kind === 'insert') {
    const row = await session.insert(table, neutral(table, operation.values, known));
    return { key: keyOf(table, row), row };
  }
  const key = operation.key.map((each) => known(each) ?? '');
  if (operation.kind === 'delete') {
    if (await session.delete(table, key)) return { key, row: null };
  } else {
    const row = await session.update(table, key, neutral(table, operation.values, known));
    if (row !== undefined) return { key: keyOf(table, row), row };
  }
  // A row that this client alone may touch is gone, or a trigger of the schema swallowed the change.
  throw new Error(`no row of ${operation.table} was changed by ${operation.kind}`);
}

function neutral(
  { columns }: NeutralTable,
  values: Record<string, GivenValue>,
  known: (given: GivenValue) => string | null,
): NeutralRow {
  const given = columns.filter((column) => column.name in values);
  return Object.fromEntries(
    given.map((column) => [column.name, canonical(column, known(values[column.name] ?? null))]),
  );
}

/** Two transactions stood in each other's way: no rule of the schema. */
const isContention = (reason: string): boolean => /40P01|40001|55P03|DEADLOCK|LOCK_WAIT/.test(reason);
