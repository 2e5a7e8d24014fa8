import { quoteIdentifier } from '../../mysql/quoting';
import type { RowKey } from '../row-key';
import type { TargetColumn, TargetTable } from './target-table';

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
