import type { PostgresSide } from './postgres-side';

/** A control table of DMS, quoted by the catalogue; DMS has used either case for their names. Absent where it is not. */
export async function dmsTable(side: PostgresSide, name: string, signal: AbortSignal): Promise<string | undefined> {
  const [row] = await side.reading.rows(
    `SELECT format('%I.%I', n.nspname, c.relname) AS quoted
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND lower(c.relname) = $2 AND c.relkind IN ('r', 'p')`,
    [side.manifest.replication.controlSchema, name],
    signal,
  );
  return row?.['quoted'] ?? undefined;
}
