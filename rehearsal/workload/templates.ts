import type { Client } from 'pg';
import type { Row, TableModel } from './table-model';

const WANTED = 60;
const LARGEST_ROW_CHARACTERS = 20_000;

/** Reads existing rows as patterns for new ones: what stands in the table satisfies the table's rules. */
export async function loadTemplates(superuser: Client, models: TableModel[]): Promise<void> {
  for (const each of models) each.templates = await sampleTemplates(superuser, each);
}

export async function sampleTemplates(superuser: Client, { table }: TableModel): Promise<Row[]> {
  const columns = table.columns.filter((column) => !column.computed);
  const list = columns.map((column) => `"whole row".${quoted(column.name)}::text`).join(', ');
  const { rows } = await superuser.query<(string | null)[]>({
    // Every n-th row of the first ones: varied, and no slower on a large table.
    text: `SELECT ${list} FROM (SELECT *, row_number() OVER () AS "place of row" FROM (SELECT * FROM ${table.sql} LIMIT 3000) f) "whole row"
           WHERE "place of row" % 47 = 1 AND length("whole row"::text) < ${LARGEST_ROW_CHARACTERS} LIMIT ${WANTED}`,
    rowMode: 'array',
  });
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at] ?? null])));
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
