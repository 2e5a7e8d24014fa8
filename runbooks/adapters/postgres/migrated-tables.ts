import { tableSelector } from '../table-selector';
import type { PostgresSide } from './postgres-side';

export interface MigratedTable {
  readonly oid: string;
  readonly schema: string;
  readonly table: string;
  /** schema.table as the engine quotes it; safe to stand in SQL. */
  readonly quoted: string;
  readonly isPartitioned: boolean;
}

/** The migrated tables that exist, from the catalogue. */
export async function migratedTables(side: PostgresSide, signal: AbortSignal): Promise<MigratedTable[]> {
  const rows = await side.reading.rows(
    `SELECT c.oid::text, n.nspname AS schema, c.relname AS table, format('%I.%I', n.nspname, c.relname) AS quoted,
            (c.relkind = 'p')::text AS partitioned
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      ORDER BY n.nspname, c.relname`,
    [],
    signal,
  );
  const selects = tableSelector(side.manifest, side.side);
  return rows
    .filter((row) => selects(row['schema'] as string, row['table'] as string))
    .map((row) => ({
      oid: row['oid'] as string,
      schema: row['schema'] as string,
      table: row['table'] as string,
      quoted: row['quoted'] as string,
      isPartitioned: row['partitioned'] === 'true',
    }));
}
