import { quoteIdentifier, quoteTable } from '../../postgres/quoting';
import type { RowKey } from '../row-key';
import { whereKey } from './where-key';
import type { TableName } from '../../row-change';
import type { TargetTable } from './target-table';

const list = (names: readonly string[]): string => names.map(quoteIdentifier).join(', ');

/** Identity columns keep the source's values. */
export function insertText(table: TargetTable, names: readonly string[]): string {
  const parameters = names.map((_, index) => `$${index + 1}`).join(', ');
  const target = `${quoteTable(table.name)} (${list(names)})`;
  return `INSERT INTO ${target} OVERRIDING SYSTEM VALUE VALUES (${parameters})`;
}

/** The key's values are bound behind those of `set`. */
export function updateText(table: TargetTable, set: readonly string[], key: RowKey): string {
  const assignments = set.map((name, index) => `${quoteIdentifier(name)} = $${index + 1}`).join(', ');
  return `UPDATE ${quoteTable(table.name)} SET ${assignments || touch(table)} WHERE ${whereKey(table, key, set.length + 1)}`;
}

/** An update that changes nothing still has to find its row. */
function touch(table: TargetTable): string {
  for (const [name, column] of table.columns) {
    if (!column.generated && !column.identityAlways) return `${quoteIdentifier(name)} = ${quoteIdentifier(name)}`;
  }
  return '';
}

/**
 * PostgreSQL refuses to update a GENERATED ALWAYS identity, so the row is taken out and put back with its new values;
 * columns that the log left out (`kept`) come from the old row.
 */
export function replaceText(table: TargetTable, set: readonly string[], kept: readonly string[], key: RowKey): string {
  const name = quoteTable(table.name);
  const parameters = set.map((_, index) => `$${index + 1}`);
  const values = [...parameters, ...kept.map((column) => `old.${quoteIdentifier(column)}`)].join(', ');
  const deleted = `DELETE FROM ${name} WHERE ${whereKey(table, key, set.length + 1)} RETURNING *`;
  return `WITH old AS (${deleted}) INSERT INTO ${name} (${list([...set, ...kept])}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM old`;
}

export function deleteText(table: TargetTable, key: RowKey): string {
  return `DELETE FROM ${quoteTable(table.name)} WHERE ${whereKey(table, key, 1)}`;
}

export function truncateText(tables: readonly TargetTable[]): string {
  return `TRUNCATE ${tables.map((table) => quoteTable(table.name)).join(', ')}`;
}

export function deleteAllText(name: TableName): string {
  return `DELETE FROM ${quoteTable(name)}`;
}
