import type { TableName } from '../row-change';

/** An identifier as SQL text; always quoted, so case and reserved words survive. */
export const quoteIdentifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** MySQL's database is what the mappings call schema. */
export const quoteTable = (table: TableName): string =>
  `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.table)}`;

/** A string as SQL text in a session with NO_BACKSLASH_ESCAPES, as all of ours are. */
export const quoteLiteral = (value: string): string => `'${value.replaceAll("'", "''")}'`;
