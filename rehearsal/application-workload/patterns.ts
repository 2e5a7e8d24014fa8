import type { NeutralTable } from '../application/model/neutral-table';
import type { Row } from '../workload/table-model';
import { fitsBoth } from './fits';

/** Of how many rows of the table. */
export const EXAMINED_ROWS = 1500;
const EVERY_NTH = 25;
const LARGEST_ROW_CHARACTERS = 20_000;

/** Existing rows as patterns for new ones: what stands in a table satisfies its rules. Of many that will do, some. */
export function patternsAmong(table: NeutralTable, rows: readonly Row[]): Row[] {
  const computed = new Set(table.columns.filter((column) => column.computed).map(({ name }) => name));
  return rows
    .filter((row) => fitsBoth(table, row) && JSON.stringify(row).length < LARGEST_ROW_CHARACTERS)
    .filter((_, place) => place % EVERY_NTH === 0)
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !computed.has(name))));
}
