import type { ForeignKey } from './catalogue';
import { type Change, deleteChange, insertChange, updateChange } from './change';
import type { OwnRow, OwnRows } from './own-rows';
import type { Random } from './random';
import { adopt, newRow } from './row-maker';
import type { Row, TableModel } from './table-model';

/** A change that a transaction is going to make; an insert may refer to a row that the same transaction inserts. */
export type Draft = InsertDraft | RowDraft;

export interface InsertDraft {
  kind: 'insert';
  model: TableModel;
  parents: [ForeignKey, OwnRow | InsertDraft][];
  template?: Row;
  /** The inserted row, once it is. */
  result?: OwnRow;
}

interface RowDraft {
  kind: 'update' | 'delete';
  row: OwnRow | InsertDraft;
}

const DEEPEST = 4;

/** The drafts that insert one row: before it the parents that it cannot do without, if any. */
export function insertDrafts(
  model: TableModel,
  own: OwnRows,
  models: Map<string, TableModel>,
  random: Random,
): InsertDraft[] {
  return draftsAbove(model, own, models, random, DEEPEST);
}

function draftsAbove(
  model: TableModel,
  own: OwnRows,
  models: Map<string, TableModel>,
  random: Random,
  depth: number,
): InsertDraft[] {
  const draft: InsertDraft = { kind: 'insert', model, parents: [] };
  const needed = model.newParent;
  const parent = needed && models.get(needed.table);
  if (needed && parent?.insertable && depth > 0) {
    const above = draftsAbove(parent, own, models, random, depth - 1);
    draft.parents.push([needed, above[above.length - 1] as InsertDraft]);
    return [...above, draft];
  }
  for (const key of model.table.hasAfterTriggers ? [] : model.table.foreignKeys) {
    const owner = models.get(key.table);
    const row = owner && random.chance(0.3) ? own.pick(owner, random) : undefined;
    if (row) draft.parents.push([key, row]);
  }
  return [draft];
}

/** The statement of a draft, made only now: by then its parents have their keys. */
export function changeOf(draft: Draft, random: Random): Change {
  if (draft.kind === 'insert') return changeOfInsert(draft, random);
  const row = rowOf(draft.row);
  return draft.kind === 'delete' ? deleteChange(row.model, row.key) : updateChange(row.model, row.key, random);
}

export function rowOf(row: OwnRow | InsertDraft): OwnRow {
  if (!('kind' in row)) return row;
  if (row.result === undefined) throw new Error(`The row of ${row.model.table.id} is not inserted yet.`);
  return row.result;
}

function changeOfInsert(draft: InsertDraft, random: Random): Change {
  return insertChange(draft.model, rowOfInsert(draft, random));
}

/** The row that a draft inserts, made only now: by then its parents have their keys. */
export function rowOfInsert(draft: InsertDraft, random: Random): Row {
  draft.template = random.pick(draft.model.templates);
  const row = newRow(draft.model, draft.template, random);
  draft.parents = draft.parents.filter(([key, parent]) => adopt(draft.model, row, key, rowOf(parent).values));
  return row;
}

/** Takes in what the engine gave back. */
export function settle(draft: Draft, change: Change, values: (string | null)[]): { key: string[]; values: Row } {
  const row: Row = Object.fromEntries(change.returned.map((name, at) => [name, values[at] ?? null]));
  const key = change.model.table.key.map((name) => row[name] ?? '');
  if (draft.kind === 'insert') {
    const parents = draft.parents.map(([, parent]) => rowOf(parent));
    draft.result = { model: draft.model, key, values: row, parents, children: 0 };
  }
  return { key, values: row };
}
