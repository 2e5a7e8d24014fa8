import { quoteIdentifier } from '../../mysql/quoting';
import type { Tuple } from '../../row-change';
import type { TargetColumn, TargetTable } from './target-table';

/** How the row of an update or delete is found again on the target. */
export interface RowKey {
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

/** The WHERE clause for a key with these literals, side by side with its names. */
export function whereKey(table: TargetTable, key: RowKey, literals: readonly string[]): string {
  const conditions = key.names.map((name, index) => equals(table.columns.get(name), name, literals[index] as string));
  if (!key.whole) return conditions.join(' AND ');
  // An old row names only what was not null.
  for (const [name, column] of table.columns) {
    if (!key.names.includes(name) && !column.generated) conditions.push(`${quoteIdentifier(name)} IS NULL`);
  }
  return `${conditions.join(' AND ')} LIMIT 1`;
}

/** Most collations take another case, accents or blanks at the end for the same; the source does not. */
function equals(column: TargetColumn | undefined, name: string, literal: string): string {
  const quoted = quoteIdentifier(name);
  if (literal === 'NULL') return `${quoted} IS NULL`;
  if (column?.dataType === 'json') return `${quoted} = CAST(${literal} AS JSON)`;
  if (!column?.charset) return `${quoted} = ${literal}`;
  const bytes = `CAST(CONVERT(${quoted} USING utf8mb4) AS BINARY)`;
  return `${quoted} = ${literal} AND ${bytes} = CAST(${literal} AS BINARY)`;
}
