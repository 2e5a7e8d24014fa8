import type { Client } from 'pg';
import type { Column } from './catalogue';
import type { Random } from './random';
import type { Row, TableModel } from './table-model';
import { freshValue } from './values';

const WANTED = 60;
const LARGEST_ROW_CHARACTERS = 20_000;

/** Reads existing rows as patterns for new ones: what stands in the table satisfies the table's rules. */
export async function loadTemplates(superuser: Client, models: TableModel[]): Promise<void> {
  for (const each of models) each.templates = await sampleTemplates(superuser, each);
}

export async function sampleTemplates(superuser: Client, { table }: TableModel): Promise<Row[]> {
  const columns = table.columns.filter((column) => !column.computed);
  const list = columns.map((column) => `r.${quoted(column.name)}::text`).join(', ');
  const { rows } = await superuser.query<(string | null)[]>({
    // Every n-th row of the first ones: varied, and no slower on a large table.
    text: `SELECT ${list} FROM (SELECT *, row_number() OVER () AS "place of row" FROM (SELECT * FROM ${table.sql} LIMIT 3000) f) r
           WHERE "place of row" % 47 = 1 AND length(r::text) < ${LARGEST_ROW_CHARACTERS} LIMIT ${WANTED}`,
    rowMode: 'array',
  });
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at] ?? null])));
}

/** Rows for a table that has none: values by type, parents by the templates of the tables that it refers to. */
export function inventTemplates(model: TableModel, models: Map<string, TableModel>, random: Random): Row[] {
  return Array.from({ length: 8 }, () => {
    const row: Row = {};
    for (const column of model.table.columns) if (!column.computed) row[column.name] = invented(column, random);
    for (const key of model.table.foreignKeys) {
      const parents = models.get(key.table)?.templates ?? [];
      const parent = parents.length > 0 ? random.pick(parents) : undefined;
      key.columns.forEach((name, at) => (row[name] = parent?.[key.referenced[at] as string] ?? null));
    }
    return row;
  });
}

function invented(column: Column, random: Random): string | null {
  if (!column.notNull && random.chance(column.restricted ? 0.9 : 0.3)) return null;
  return freshValue(column, random) ?? null;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
