import type { Column } from './catalogue';
import type { Random } from './random';
import type { Row, TableModel } from './table-model';
import { isInstant, isText } from './uniqueness';
import { freshValue } from './values';

const NUMBERS = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'money']);

/**
 * A row for a table that has none. Values come by type and parents from the templates of the tables that it refers to.
 * Columns under a CHECK share one guess per row (all numbers 0 or 1, instants in their columns' order, texts of one
 * plain shape), because rules mostly compare such columns with each other.
 */
export function inventRow(model: TableModel, models: Map<string, TableModel>, random: Random): Row {
  const row: Row = {};
  const guess = { number: random.pick(['0', '1', '1', undefined]), shape: random.integer(0, 4) };
  model.table.columns.forEach((column, place) => {
    if (!column.computed) row[column.name] = invented(column, place, guess, random);
  });
  const referring = new Set<string>();
  for (const key of model.table.foreignKeys) {
    const parents = (models.get(key.table)?.templates ?? []).filter((parent) =>
      key.columns.every((name, at) => !referring.has(name) || row[name] === parent[key.referenced[at] as string]),
    );
    const parent = parents.length > 0 ? random.pick(parents) : undefined;
    key.columns.forEach((name, at) => {
      if (parent) row[name] = parent[key.referenced[at] as string] ?? null;
      else if (!model.table.columns.some((column) => column.name === name && column.notNull)) row[name] = null;
      if (parent) referring.add(name);
    });
  }
  return row;
}

function invented(
  column: Column,
  place: number,
  guess: { number: string | undefined; shape: number },
  random: Random,
): string | null {
  if (!column.notNull && random.chance(column.restricted ? 0.5 : 0.3)) return null;
  if (column.restricted && NUMBERS.has(column.base) && guess.number !== undefined) return guess.number;
  if (column.restricted && isText(column)) return shaped(guess.shape, Math.min(column.maxLength ?? 12, 12), random);
  if (isInstant(column) && !column.base.endsWith('range'))
    return `20${25 + (place % 10)}-0${random.integer(1, 9)}-15 12:00:00`;
  return freshValue(column, random) ?? null;
}

/** Letters, capitals, digits, both, or a mail address. */
function shaped(shape: number, length: number, random: Random): string {
  const alphabet = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789', 'abcdef0123456789'][
    shape
  ];
  if (alphabet === undefined) return `${random.hex(8)}@example.com`;
  return Array.from({ length }, () => random.pick([...alphabet])).join('');
}
