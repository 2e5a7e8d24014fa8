import { migratedTables } from './migrated-tables';
import type { PostgresSide } from './postgres-side';

/** Columns of the migrated tables with the sequence that feeds each, by ownership or by a default that draws from it. */
const fedColumns = `SELECT DISTINCT format('%I.%I', sn.nspname, s.relname) AS sequence,
    format('%I.%I', tn.nspname, t.relname) AS table, quote_ident(a.attname) AS column
  FROM pg_depend d LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
  JOIN pg_class s ON s.relkind = 'S' AND s.oid = CASE WHEN f.oid IS NULL THEN d.objid ELSE d.refobjid END
  JOIN pg_namespace sn ON sn.oid = s.relnamespace
  JOIN pg_attribute a ON (a.attrelid, a.attnum) = (coalesce(f.adrelid, d.refobjid), coalesce(f.adnum, d.refobjsubid))
  JOIN pg_class t ON t.oid = a.attrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
 WHERE t.oid = ANY ($1::oid[]) AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
   AND ((d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0)
     OR (f.oid IS NOT NULL AND d.refclassid = 'pg_class'::regclass))
 ORDER BY 1, 2, 3`;

/** Replication moves rows, not sequences: what the rows hold is all that one side alone knows of the keys given out. */
export async function highestStored(side: PostgresSide, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const tables = (await migratedTables(side, signal)).map((table) => table.oid);
  const highest = new Map<string, string>();
  for (const { sequence, table, column } of await side.reading.rows(fedColumns, [tables], signal)) {
    const [row] = await side.reading.rows(`SELECT max(${column})::text AS highest FROM ${table}`, [], signal);
    const found = row?.['highest'];
    const known = highest.get(sequence as string);
    if (found != null && (known === undefined || BigInt(found) > BigInt(known))) highest.set(sequence as string, found);
  }
  return highest;
}
