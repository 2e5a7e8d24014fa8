import type { Client } from 'pg';
import type { TableName } from '../../row-change';
import { KnownTables } from '../known-tables';

interface Column {
  /** The type's bare name, a domain's that of its base: `int8`, `uuid`. */
  type: string;
  generated: boolean;
  /** GENERATED ALWAYS AS IDENTITY: may be given on insert, but not updated. */
  identityAlways: boolean;
  /** False for types without an equality (json, xml, point): they are compared by their text. */
  comparable: boolean;
}

/** What the target's catalogue says of a table. */
export interface TargetTable {
  name: TableName;
  columns: Map<string, Column>;
  primaryKey: string[];
  /** Columns of each unique index over plain columns and all rows, the primary key's among them. */
  uniqueKeys: string[][];
}

export type TargetTables = KnownTables<TargetTable>;

export const targetTables = (client: Client): TargetTables => new KnownTables((name) => readTable(client, name));

async function readTable(client: Client, name: TableName): Promise<TargetTable | undefined> {
  const { rows } = await client.query<Column & { name: string; key: boolean }>(
    `SELECT a.attname::text AS name, coalesce(b.typname, t.typname)::text AS type, a.attgenerated <> '' AS generated, a.attidentity = 'a' AS "identityAlways",
              EXISTS (SELECT 1 FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod
                       WHERE m.amname IN ('btree', 'hash') AND o.opcdefault
                         AND o.opcintype IN (t.oid, t.typbasetype, CASE t.typtype WHEN 'e' THEN 'anyenum'::regtype END,
                                             CASE t.typcategory WHEN 'A' THEN 'anyarray'::regtype END,
                                             CASE t.typname WHEN 'varchar' THEN 'text'::regtype END)) AS comparable,
              coalesce(a.attnum = ANY (i.indkey), false) AS key
         FROM pg_catalog.pg_attribute a
         JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
         LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
         LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum`,
    [name.schema, name.table],
  );
  if (rows.length === 0) return undefined;
  return {
    name,
    columns: new Map(rows.map((row) => [row.name, row])),
    primaryKey: rows.filter((row) => row.key).map((row) => row.name),
    uniqueKeys: await uniqueKeys(client, name),
  };
}

async function uniqueKeys(client: Client, name: TableName): Promise<string[][]> {
  const { rows } = await client.query<{ columns: string[] }>(
    `SELECT ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)) AS columns
         FROM pg_catalog.pg_index i
         JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2 AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL`,
    [name.schema, name.table],
  );
  return rows.map((row) => row.columns);
}
