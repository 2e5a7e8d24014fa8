import { renamingOf } from '../../../definition/replication/renaming';
import { migratedTables } from './migrated-tables';
import type { PostgresSide } from './postgres-side';

export interface FedColumn {
  /** schema.sequence, quoted as the engine prints it. */
  readonly sequence: string;
  /** Quoted: safe to stand in SQL. */
  readonly table: string;
  readonly column: string;
  /** schema.table.column in the source's names. */
  readonly nameOnSource: string;
  readonly isInteger: boolean;
}

/** Columns of the migrated tables with the sequence that feeds each, by ownership or by a default that draws from it. */
const query = `SELECT DISTINCT format('%I.%I', sn.nspname, s.relname) AS sequence,
    format('%I.%I', tn.nspname, t.relname) AS table, quote_ident(a.attname) AS column,
    tn.nspname || '.' || t.relname AS plain_table, a.attname AS plain_column,
    (a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype))::text AS integer
  FROM pg_depend d LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
  JOIN pg_class s ON s.relkind = 'S' AND s.oid = CASE WHEN f.oid IS NULL THEN d.objid ELSE d.refobjid END
  JOIN pg_namespace sn ON sn.oid = s.relnamespace
  JOIN pg_attribute a ON (a.attrelid, a.attnum) = (coalesce(f.adrelid, d.refobjid), coalesce(f.adnum, d.refobjsubid))
  JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
 WHERE t.oid = ANY ($1::oid[])
   AND ((d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0)
     OR (f.oid IS NOT NULL AND d.refclassid = 'pg_class'::regclass))
 ORDER BY 1, 2, 3`;

export async function fedColumns(side: PostgresSide, signal: AbortSignal): Promise<FedColumn[]> {
  const tables = (await migratedTables(side, signal)).map((table) => table.oid);
  const renaming = renamingOf(side.manifest.tables.transformations ?? [], false);
  const onSource = (table: string, column: string) =>
    side.side === 'source' ? `${table}.${column}` : `${renaming.table(table)}.${renaming.column(table, column)}`;
  return (await side.reading.rows(query, [tables], signal)).map((row) => ({
    sequence: row['sequence'] as string,
    table: row['table'] as string,
    column: row['column'] as string,
    nameOnSource: onSource(row['plain_table'] as string, row['plain_column'] as string),
    isInteger: row['integer'] === 'true',
  }));
}
