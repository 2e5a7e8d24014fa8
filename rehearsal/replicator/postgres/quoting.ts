import type { TableName } from '../row-change';

/** An identifier as SQL text; always quoted, so case and reserved words survive. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const quoteTable = (table: TableName): string =>
  `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.table)}`;

/** A string as SQL text, for the few commands that take no parameters (replication commands, exception records). */
export const quoteLiteral = (value: string): string => `'${value.replaceAll("'", "''")}'`;
