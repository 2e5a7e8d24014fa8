import { quoteIdentifier, quoteTable } from '../../postgres/quoting';
import type { RowKey } from '../row-key';
import type { TargetTable } from './target-table';

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
