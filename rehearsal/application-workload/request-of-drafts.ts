import type { ChangedRow, GivenValue, RequestedOperation } from '../application/transaction';
import { newValues } from '../workload/change';
import { type Draft, type InsertDraft, rowOf, rowOfInsert } from '../workload/draft';
import type { Random } from '../workload/random';
import type { Row } from '../workload/table-model';

/**
 * The operations of a transaction that is sent as a whole. What refers to a row that the same transaction inserts names
 * that operation and column, since its key is not made yet.
 */
export function requestOfDrafts(drafts: readonly Draft[], random: Random): RequestedOperation[] {
  return drafts.map((draft, place): RequestedOperation => {
    if (draft.kind === 'insert') return insertion(draft, place, random);
    const { model, key } = rowOf(draft.row);
    const named = { table: model.table.id, key: key.map((each) => given(each)) };
    if (draft.kind === 'delete') return { kind: 'delete', ...named };
    const values = newValues(model, random).values.map(([column, value]) => [column.name, given(value)] as const);
    return { kind: 'update', ...named, values: Object.fromEntries(values) };
  });
}

/** Takes in the keys that the engine made. */
export function settleDrafts(drafts: readonly Draft[], changes: readonly ChangedRow[]): void {
  drafts.forEach((draft, place) => {
    const changed = changes[place];
    if (draft.kind !== 'insert' || draft.result === undefined || changed?.row == null) return;
    draft.result.key = changed.key;
    draft.result.values = only(changed.row, draft.model.returned);
  });
}

function insertion(draft: InsertDraft, place: number, random: Random): RequestedOperation {
  const { model } = draft;
  const row = rowOfInsert(draft, random);
  const later = (name: string) => reference(place, name);
  draft.result = {
    model,
    key: model.table.key.map(later),
    values: Object.fromEntries(model.returned.map((name) => [name, later(name)])),
    parents: draft.parents.map(([, parent]) => rowOf(parent)),
    children: 0,
  };
  const values = model.supplied.map((column) => [column.name, given(row[column.name] ?? null)] as const);
  return { kind: 'insert', table: model.table.id, values: Object.fromEntries(values) };
}

const only = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.map((name) => [name, row[name] ?? null]));

/** No database takes a text with a zero character, so none is mistaken for a reference. */
const MARK = '\u0000';
const reference = (operation: number, column: string): string => `${MARK}${operation}${MARK}${column}`;

function given(value: string | null): GivenValue {
  if (value === null || !value.startsWith(MARK)) return value;
  const [, operation, column = ''] = value.split(MARK);
  return { operation: Number(operation), column };
}
