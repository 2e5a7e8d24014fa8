import { z } from 'zod';
import type { SqlReader } from '../../ports/sql-reader';
import { readTypes, typeOf, type TypeCatalogue } from '../../verification/dialects/postgres-types';
import type { Model, ModelColumn, ModelTable } from './model';
import { postgresCapacity, postgresDefault } from './postgres-column';

const column = z.object({
  name: z.string(),
  type: z.string(),
  modifier: z.number(),
  declared: z.string(),
  labels: z.array(z.string()).nullable(),
  notNull: z.boolean(),
  value: z.string().nullable(),
  generated: z.boolean(),
  identity: z.string(),
  folds: z.boolean(),
  collation: z.string().nullable(),
});
const index = z.object({
  name: z.string(),
  isPrimary: z.boolean(),
  isUnique: z.boolean(),
  columns: z.array(z.string().nullable()),
  special: z.string().nullable(),
  isDeferrable: z.boolean(),
  text: z.string(),
});
const foreignKey = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  parent: z.string(),
  parentColumns: z.array(z.string()),
  onDelete: z.string(),
  onUpdate: z.string(),
});
const named = z.array(z.object({ name: z.string(), text: z.string() })).nullable();
const tableRow = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(column).nullable(),
  indexes: z.array(index).nullable(),
  foreignKeys: z.array(foreignKey).nullable(),
  checks: named,
  triggers: named,
});

// to_jsonb reads columns that not every version has, without naming them to the parser.
const columnsJson = `
  (SELECT json_agg(json_build_object('name', a.attname, 'type', a.atttypid::text, 'modifier', a.atttypmod,
      'declared', format_type(a.atttypid, a.atttypmod),
      'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = coalesce(nullif(t.typbasetype, 0), t.oid)),
      'notNull', a.attnotnull, 'value', pg_get_expr(d.adbin, d.adrelid), 'generated', a.attgenerated <> '', 'identity', a.attidentity,
      'folds', t.typname = 'citext' OR coalesce((to_jsonb(l)->>'collisdeterministic') = 'false', false), 'collation', l.collname) ORDER BY a.attnum)
   FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation
   LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

/** A part of an index that is an expression counts for the one column that it reads. */
const indexesJson = `
  (SELECT json_agg(json_build_object('name', x.relname, 'isPrimary', i.indisprimary, 'isUnique', i.indisunique,
      'columns', (SELECT json_agg(coalesce(a.attname, alone.attname) ORDER BY k.n)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        LEFT JOIN LATERAL (SELECT min(b.attname::text) AS attname FROM pg_attribute b
          WHERE k.attnum = 0 AND b.attrelid = c.oid AND b.attnum > 0 AND NOT b.attisdropped
            AND pg_get_indexdef(i.indexrelid, k.n::int, true) ~ ('\\m' || regexp_replace(quote_ident(b.attname), '([^[:alnum:]_ ])', '\\\\\\1', 'g') || '\\M')
          HAVING count(*) = 1) alone ON true
        WHERE k.n <= i.indnkeyatts),
      'special', CASE WHEN NOT i.indisvalid THEN 'invalid' WHEN i.indpred IS NOT NULL THEN 'partial' WHEN m.amname <> 'btree' THEN m.amname END,
      'isDeferrable', NOT i.indimmediate, 'text', pg_get_indexdef(i.indexrelid)) ORDER BY x.relname)
   FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam WHERE i.indrelid = c.oid)`;

const action = (name: string) =>
  `CASE k.${name} WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END`;
const columnsOf = (relation: string, numbers: string) =>
  `(SELECT json_agg(a.attname ORDER BY u.n) FROM unnest(k.${numbers}) WITH ORDINALITY u(attnum, n) JOIN pg_attribute a ON a.attrelid = k.${relation} AND a.attnum = u.attnum)`;
const foreignKeysJson = `
  (SELECT json_agg(json_build_object('name', k.conname, 'columns', ${columnsOf('conrelid', 'conkey')},
      'parent', (SELECT pn.nspname || '.' || p.relname FROM pg_class p JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE p.oid = k.confrelid),
      'parentColumns', ${columnsOf('confrelid', 'confkey')}, 'onDelete', ${action('confdeltype')}, 'onUpdate', ${action('confupdtype')}) ORDER BY k.conname)
   FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0)`;

// PostgreSQL 18 lists NOT NULL among the constraints, and knows some that are not enforced.
const checksJson = `
  (SELECT json_agg(json_build_object('name', k.conname, 'text', pg_get_constraintdef(k.oid)) ORDER BY k.conname)
   FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND coalesce(to_jsonb(k)->>'conenforced', 'true') = 'true')`;
const triggersJson = `
  (SELECT json_agg(json_build_object('name', t.tgname, 'text', pg_get_triggerdef(t.oid)) ORDER BY t.tgname)
   FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)`;

const tablesQuery = `
  SELECT json_build_object('schema', n.nspname, 'name', c.relname, 'columns', ${columnsJson}, 'indexes', ${indexesJson},
    'foreignKeys', ${foreignKeysJson}, 'checks', ${checksJson}, 'triggers', ${triggersJson})::text AS found
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;
const views = `
  SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm')`;
const routines = `
  SELECT DISTINCT n.nspname AS schema, p.proname AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')`;

/** The tables of one PostgreSQL side for which `isSelected` says yes (its own names). */
export async function readPostgresModel(
  reader: SqlReader,
  isSelected: (name: string) => boolean,
  signal: AbortSignal,
): Promise<Model> {
  const types = await readTypes(reader, signal);
  const [server] = await reader.query('SELECT version() AS version', [], signal);
  const found = (await reader.query(tablesQuery, [], signal)).map((row) =>
    tableRow.parse(JSON.parse(row['found'] ?? '')),
  );
  const tables = found
    .filter(({ schema, name }) => isSelected(`${schema}.${name}`))
    .map(({ columns, indexes, foreignKeys, checks, triggers, ...table }): ModelTable => ({
      ...table,
      columns: (columns ?? []).map((one) => columnOf(one, types)),
      indexes: (indexes ?? []).map((one) => ({
        ...one,
        columns: one.columns.map((name) => name ?? undefined),
        special: one.special ?? undefined,
      })),
      foreignKeys: foreignKeys ?? [],
      checks: new Map((checks ?? []).map(({ name, text }) => [name, text])),
      triggers: new Map((triggers ?? []).map(({ name, text }) => [name, text])),
    }));
  const schemas = new Set(tables.map(({ schema }) => schema));
  const beside = async (query: string) =>
    (await reader.query(query, [], signal))
      .filter((row) => schemas.has(row['schema'] ?? ''))
      .map((row) => `${row['schema']}.${row['name']}`)
      .sort();
  return {
    ...{ family: 'postgres', version: server?.['version'] ?? '', tables },
    views: await beside(views),
    routines: await beside(routines),
  };
}

function columnOf(row: z.infer<typeof column>, types: TypeCatalogue): ModelColumn {
  const type = typeOf(types, row.type, row.modifier);
  const value = row.value ?? undefined;
  const isSequence = value !== undefined && /^nextval\(/.test(value);
  const capacity = postgresCapacity(type, row.labels ?? []);
  return {
    ...{ name: row.name, type, declared: row.declared, capacity, notNull: row.notNull },
    default: row.generated || isSequence || value === undefined ? undefined : postgresDefault(value),
    generated: row.generated ? value : undefined,
    counts: row.identity === 'a' ? 'always' : row.identity === 'd' || isSequence ? 'by default' : undefined,
    folds: row.folds
      ? { case: true, accents: type.name !== 'citext', padding: type.name === 'bpchar', exact: true }
      : type.name === 'bpchar'
        ? { case: false, accents: false, padding: true, exact: true }
        : undefined,
    collation: row.collation ?? undefined,
  };
}
