import { z } from 'zod';
import type { SqlReader } from '../../ports/sql-reader';
import type { CatalogueTable, TableFilter } from './dialect';
import { readTypes, typeOf } from './postgres-types';

const column = z.object({
  name: z.string(),
  type: z.string(),
  modifier: z.number(),
  notNull: z.boolean(),
  generated: z.boolean(),
  collation: z.string().nullable(),
});
const tableRow = z.object({
  schema: z.string(),
  name: z.string(),
  partitioned: z.boolean(),
  root: z.string().nullable(),
  mayRead: z.boolean(),
  rowSecurity: z.boolean(),
  columns: z.array(column).nullable(),
  key: z.array(z.string()).nullable(),
});

// to_jsonb reads columns that not every version has, without naming them to the parser.
const collationText = `
  CASE WHEN a.attcollation = 0 THEN NULL
       WHEN l.collname = 'default' THEN (
         SELECT concat_ws(' ', coalesce(to_jsonb(d)->>'datlocprovider', 'c'), d.datcollate,
                          coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale'))
         FROM pg_database d WHERE d.datname = current_database())
       ELSE concat_ws(' ', l.collprovider, l.collcollate,
                      coalesce(to_jsonb(l)->>'colllocale', to_jsonb(l)->>'colliculocale')) END`;

const columnsJson = `
  (SELECT json_agg(json_build_object('name', a.attname, 'type', a.atttypid::text, 'modifier', a.atttypmod,
      'notNull', a.attnotnull, 'generated', a.attgenerated <> '', 'collation', ${collationText}) ORDER BY a.attname)
   FROM pg_attribute a LEFT JOIN pg_collation l ON l.oid = a.attcollation
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const keyJson = `
  (SELECT (SELECT json_agg(a.attname ORDER BY k.n)
           FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE k.n <= i.indnkeyatts)
   FROM pg_index i
   WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
     AND i.indimmediate AND NOT EXISTS (
       SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
       WHERE k.n <= i.indnkeyatts AND NOT a.attnotnull)
   ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1)`;

const tablesQuery = `
  SELECT json_build_object('schema', n.nspname, 'name', c.relname, 'partitioned', c.relkind = 'p',
    'root', CASE WHEN c.relispartition THEN (
      SELECT rn.nspname || '.' || r.relname FROM pg_class r JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE r.oid = pg_partition_root(c.oid)) END,
    'mayRead', has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT'),
    'rowSecurity', row_security_active(c.oid), 'columns', ${columnsJson}, 'key', ${keyJson})::text AS found
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%'
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

/** The selected tables of one side. A partition is left out where its partitioned table is selected: it is part of it. */
export async function readPostgresTables(
  reader: SqlReader,
  isSelected: TableFilter,
  signal: AbortSignal,
): Promise<CatalogueTable[]> {
  const types = await readTypes(reader, signal);
  const rows = (await reader.query(tablesQuery, [], signal)).map((row) => tableRow.parse(JSON.parse(row.found ?? '')));
  const selected = rows.filter((row) => isSelected(row.schema, row.name));
  const names = new Set(selected.map((row) => `${row.schema}.${row.name}`));
  return selected
    .filter((row) => row.root === null || !names.has(row.root))
    .map((row) => ({
      schema: row.schema,
      name: row.name,
      partitioned: row.partitioned,
      key: row.key ?? [],
      unreadable: unreadable(row),
      columns: (row.columns ?? []).map(({ type, modifier, collation, ...rest }) => ({
        ...rest,
        type: typeOf(types, type, modifier),
        collation: collation ?? undefined,
      })),
    }));
}

function unreadable({ mayRead, rowSecurity, schema, name }: z.infer<typeof tableRow>): string | undefined {
  const table = `${schema}.${name}`;
  if (!mayRead) return `the runbook's account may not read it: GRANT USAGE ON SCHEMA and SELECT ON ${table}`;
  if (rowSecurity) return `row-level security hides rows from the runbook's account: give it BYPASSRLS`;
  return undefined;
}
