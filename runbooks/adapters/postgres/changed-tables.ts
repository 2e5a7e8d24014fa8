import type { TextRow } from './reading-pool';

export interface ChangedTable {
  /** schema.table. */
  readonly name: string;
  /** Of a partition: the partitioned table at the top. */
  readonly root?: string;
  /** Columns whose old values the log holds when they change or their row is deleted (replica identity). */
  readonly identity: ReadonlySet<string>;
}

const query = `
  SELECT asked AS quoted, n.nspname || '.' || c.relname AS name,
    CASE WHEN c.relispartition THEN (SELECT rn.nspname || '.' || r.relname FROM pg_class r
      JOIN pg_namespace rn ON rn.oid = r.relnamespace WHERE r.oid = pg_partition_root(c.oid)) END AS root,
    (SELECT coalesce(json_agg(a.attname), '[]') FROM pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (c.relreplident = 'f' OR EXISTS (
       SELECT FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey::int2[])
         AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident ELSE false END)))::text AS identity
  FROM unnest($1::text[]) asked JOIN pg_class c ON c.oid = to_regclass(asked) JOIN pg_namespace n ON n.oid = c.relnamespace`;

/** What the catalogue says about tables that the log names; those that are gone are left out. */
export async function readChangedTables(
  rows: (sql: string, values: readonly unknown[], signal: AbortSignal) => Promise<TextRow[]>,
  quoted: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ChangedTable>> {
  if (quoted.size === 0) return new Map();
  const found = await rows(query, [[...quoted]], signal);
  return new Map(
    found.map((row) => [
      row['quoted'] ?? '',
      {
        name: row['name'] ?? '',
        root: row['root'] ?? undefined,
        identity: new Set(JSON.parse(row['identity'] ?? '[]') as string[]),
      },
    ]),
  );
}
