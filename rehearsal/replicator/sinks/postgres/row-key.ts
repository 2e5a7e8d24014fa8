import { quoteIdentifier, quoteTable } from '../../postgres/quoting';
import type { Tuple } from '../../row-change';
import type { TargetTable } from './target-table';

/** How the row of an update or delete is found again on the target. */
export interface RowKey {
  /** Columns to compare; `undefined` in `whole` means one of them. */
  names: readonly string[];
  /** No key: the whole old row is compared (REPLICA IDENTITY FULL), and one row of equal ones is taken. */
  whole: boolean;
}

/**
 * The key to use: the source's replica identity, else the target's primary key, else the whole old row when the log
 * gave one. Undefined when the log does not tell which row changed.
 */
export function chooseKey(
  table: TargetTable,
  keyColumns: readonly string[],
  old: Tuple | undefined,
  row: Tuple | undefined,
): RowKey | undefined {
  const tuple = old ?? row;
  if (!tuple) return undefined;
  for (const candidate of [keyColumns, table.primaryKey]) {
    if (candidate.length > 0 && candidate.every((name) => tuple.names.includes(name))) {
      return { names: candidate, whole: false };
    }
  }
  return old && { names: old.names.filter((name) => !table.columns.get(name)?.generated), whole: true };
}

/** The WHERE clause for a key whose values are bound from `$first` on. */
export function whereKey(table: TargetTable, key: RowKey, first: number): string {
  const conditions = key.names.map((name, index) => compare(table, name, `$${first + index}`));
  if (!key.whole) return conditions.join(' AND ');
  // An old row names only what was not null.
  for (const [name, column] of table.columns) {
    if (!key.names.includes(name) && !column.generated) conditions.push(`${quoteIdentifier(name)} IS NULL`);
  }
  return `ctid = (SELECT ctid FROM ${quoteTable(table.name)} WHERE ${conditions.join(' AND ')} LIMIT 1)`;
}

function compare(table: TargetTable, name: string, parameter: string): string {
  const column = quoteIdentifier(name);
  return table.columns.get(name)?.comparable === false
    ? `${column}::text = ${parameter}::text`
    : `${column} = ${parameter}`;
}
