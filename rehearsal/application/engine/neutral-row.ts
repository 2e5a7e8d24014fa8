import { canonical, type NeutralRow } from '../canonical';
import type { NeutralTable } from '../model/neutral-table';
import { keyColumns } from './dialect';

/** What a statement read of a row, in the model's order, as neutral values. */
export const neutralRow = ({ columns }: NeutralTable, texts: readonly (string | null)[]): NeutralRow =>
  Object.fromEntries(columns.map((column, at) => [column.name, canonical(column, texts[at] ?? null)]));

export const keyOf = (table: NeutralTable, row: NeutralRow): string[] =>
  keyColumns(table).map(({ name }) => row[name] ?? '');

/** A row as the ledger holds it: members in the model's order. */
export const rowText = (row: NeutralRow): string => JSON.stringify(row);
