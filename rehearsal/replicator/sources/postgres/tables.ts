import type { Client } from 'pg';
import type { TableName } from '../../row-change';
import type { SourceTable } from '../../table-mappings/router';

/**
 * The source's ordinary, logged tables (partitions, not their parents: the log names the partition) with the columns
 * by which the log identifies a row.
 */
export async function listTables(client: Client): Promise<SourceTable[]> {
  const { rows } = await client.query<{ schema: string; table: string; key: string[]; types: Record<string, string> }>(
    `SELECT n.nspname::text AS schema, c.relname::text AS table,
            ARRAY(SELECT a.attname::text
                    FROM pg_catalog.pg_index i
                    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
                   WHERE i.indrelid = c.oid AND i.indisvalid
                     AND CASE c.relreplident WHEN 'i' THEN i.indisreplident WHEN 'n' THEN false ELSE i.indisprimary END
                   ORDER BY a.attnum) AS key,
            (SELECT jsonb_object_agg(a.attname, coalesce(b.typname, t.typname))
               FROM pg_catalog.pg_attribute a
               JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
               LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS types
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence = 'p'
      ORDER BY 1, 2`,
  );
  return rows.map((row) => ({
    name: { schema: row.schema, table: row.table },
    keyColumns: row.key,
    types: new Map(Object.entries(row.types ?? {})),
  }));
}

/** Columns of a table that carry data of their own, in their order. */
export async function listColumns(client: Client, table: TableName): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT a.attname::text AS name
       FROM pg_catalog.pg_attribute a
       JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      ORDER BY a.attnum`,
    [table.schema, table.table],
  );
  return rows.map((row) => row.name);
}
