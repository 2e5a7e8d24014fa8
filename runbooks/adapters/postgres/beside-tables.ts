import type { MigratedTable } from './migrated-tables';
import type { PostgresSide } from './postgres-side';

/** Not made by an extension, as a condition on an object of a catalogue. */
const isOwn = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;

/** Views, materialized ones too, in the schemas of these tables. */
export async function viewsBeside(
  side: PostgresSide,
  tables: readonly MigratedTable[],
  signal: AbortSignal,
): Promise<{ oid: string; name: string }[]> {
  const rows = await side.reading.rows(
    `SELECT c.oid::text AS oid, n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('v', 'm') AND n.nspname = ANY ($1::text[]) AND ${isOwn('pg_class', 'c.oid')} ORDER BY 2`,
    [[...new Set(tables.map(({ schema }) => schema))]],
    signal,
  );
  return rows.map((row) => ({ oid: row['oid'] ?? '', name: row['name'] ?? '' }));
}

/** What an application calls: no function of a trigger. As a condition on `pg_proc p`. */
export const isCalled = `p.prorettype NOT IN ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)
  AND ${isOwn('pg_proc', 'p.oid')}`;
