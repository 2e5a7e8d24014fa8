import type { Column } from './catalogue';
import type { Random } from './random';
import { varied } from './row-maker';
import type { Row, TableModel } from './table-model';
import { quoted } from './templates';

/** One statement that changes one row and gives back `returned` columns and the whole resulting row, all as text. */
export interface Change {
  kind: 'insert' | 'update' | 'delete';
  model: TableModel;
  /** Name of the prepared statement. */
  name: string;
  sql: string;
  values: (string | null)[];
  returned: string[];
}

export function insertChange(model: TableModel, row: Row): Change {
  const { table, supplied, returned } = model;
  const columns = supplied.map((column) => quoted(column.name)).join(', ');
  const values = supplied.map((column, at) => `$${at + 1}::${column.type}`).join(', ');
  const body = supplied.length === 0 ? 'DEFAULT VALUES' : `(${columns}) VALUES (${values})`;
  return {
    kind: 'insert',
    model,
    name: `i${model.number}`,
    sql: `INSERT INTO ${table.sql} AS "whole row" ${body} ${returning(returned, 'to_jsonb("whole row")::text')}`,
    values: supplied.map((column) => row[column.name] ?? null),
    returned,
  };
}

export function updateChange(model: TableModel, key: string[], random: Random): Change {
  const { alone, values } = newValues(model, random);
  const sets = values.map(([column], at) => `${quoted(column.name)} = $${at + 1}::${column.type}`).join(', ');
  return {
    kind: 'update',
    model,
    name: alone ? `u${model.number}_${model.changeable.indexOf(alone)}` : `u${model.number}`,
    sql: `UPDATE ${model.table.sql} AS "whole row" SET ${sets} WHERE ${byKey(model, values.length)} ${returning(model.table.key, 'to_jsonb("whole row")::text')}`,
    values: [...values.map(([, value]) => value), ...key],
    returned: model.table.key,
  };
}

/**
 * What an update sets: all columns that stand in no key, after another row's pattern (so that rules between columns
 * hold), or one column without rules alone.
 */
export function newValues(
  model: TableModel,
  random: Random,
): { alone: Column | undefined; values: [Column, string | null][] } {
  const free = model.varies ? model.changeable.filter((column) => !column.restricted) : [];
  const alone = free.length > 0 && random.chance(0.5) ? random.pick(free) : undefined;
  const template = random.pick(model.templates);
  const values = (alone ? [alone] : model.changeable).map((column): [Column, string | null] => {
    const known = template[column.name] ?? null;
    return [column, model.varies ? varied(column, known, random) : known];
  });
  return { alone, values };
}

export function deleteChange(model: TableModel, key: string[]): Change {
  return {
    kind: 'delete',
    model,
    name: `d${model.number}`,
    sql: `DELETE FROM ${model.table.sql} AS "whole row" WHERE ${byKey(model, 0)} ${returning(model.table.key, 'NULL::text')}`,
    values: key,
    returned: model.table.key,
  };
}

// The alias of a row must not be the name of a column, or to_jsonb would take the column.
function byKey(model: TableModel, before: number): string {
  const types = new Map(model.table.columns.map((column) => [column.name, column.type]));
  return model.table.key
    .map((name, at) => `"whole row".${quoted(name)} = $${before + at + 1}::${types.get(name)}`)
    .join(' AND ');
}

function returning(columns: string[], row: string): string {
  const list = columns.map((name, at) => `"whole row".${quoted(name)}::text AS c${at}`);
  return `RETURNING ${[...list, `${row} AS row`].join(', ')}`;
}

/**
 * The last change of a transaction also writes the transaction's ledger entry and tells its transaction id: one round
 * trip for all three. Values: the change's own, then client, sequence number, note.
 */
export function withEntry(change: Change): { name: string; sql: string } {
  const before = change.values.length;
  const columns = [...change.returned.map((_, at) => `changed.c${at}`), 'changed.row'].join(', ');
  return {
    name: `${change.name}e`,
    sql: `WITH changed AS (${change.sql}), entry AS (
      INSERT INTO rehearsal_ledger.entries (client, sequence_number, note)
      VALUES ($${before + 1}, $${before + 2}, $${before + 3}) RETURNING id::text)
      SELECT (SELECT id FROM entry), pg_current_xact_id()::text, ${columns} FROM (SELECT) one LEFT JOIN changed ON true`,
  };
}
