import type { Column, ForeignKey } from './catalogue';
import type { Random } from './random';
import { type Row, sharesColumns, type TableModel } from './table-model';
import { isInstant, movedByDays, renewed } from './uniqueness';
import { freshValue } from './values';

/** A new row after the pattern of a template: what must be unique is renewed, what has no rules may vary. */
export function newRow(model: TableModel, template: Row, random: Random): Row {
  const row = { ...template };
  const days = model.supplied.some((column) => model.unique.has(column.name) && isInstant(column))
    ? random.integer(1, 20_000)
    : 0;
  for (const column of model.supplied) {
    if (!model.referring.has(column.name)) row[column.name] = newValue(model, column, template, days, random);
  }
  return row;
}

function newValue(model: TableModel, column: Column, template: Row, days: number, random: Random): string | null {
  const known = template[column.name] ?? null;
  if (isInstant(column) && days > 0) return known === null ? null : movedByDays(known, days);
  if (model.unique.has(column.name)) {
    if (known === null && column.restricted) return null;
    return renewed(column, known, model.renewals.get(column.name) ?? 'suffix', random) ?? known;
  }
  return model.varies ? varied(column, known, random) : known;
}

/** The known value or, where no rule speaks of the column, sometimes any value of its type. */
export function varied(column: Column, known: string | null, random: Random): string | null {
  if (column.restricted || random.chance(0.5)) return known;
  if (!column.notNull && random.chance(0.1)) return null;
  return freshValue(column, random) ?? known;
}

/** Makes the row refer to this parent, unless that would tear another foreign key that shares a column. */
export function adopt(model: TableModel, row: Row, key: ForeignKey, parent: Row): boolean {
  const values = key.referenced.map((name) => parent[name]);
  if (values.some((value) => value === undefined)) return false;
  const same = key.columns.every((name, at) => row[name] === values[at]);
  if (!same && sharesColumns(model.table, key)) return false;
  key.columns.forEach((name, at) => (row[name] = values[at] ?? null));
  return true;
}
