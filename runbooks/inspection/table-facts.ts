/**
 * What hangs on tables. Every query answers `id, object, kind, detail, ddl` and the `parent` whose absence explains its own; `$1` are the OIDs of the selected tables. The
 * engine prints definitions itself, with every name qualified (search_path is emptied first).
 */
const table = `format('%I.%I', n.nspname, c.relname)`;
const from = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;
const ofTable = `'table ' || ${table} AS parent`;
const selected = `c.oid = ANY ($1::oid[])`;

const tables = `
  SELECT 'table ' || ${table} AS id, n.nspname || '.' || c.relname AS object, 'table' AS kind,
    concat_ws(' ', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END, 'table', 'partitioned by ' || pg_get_partkeydef(c.oid),
              'partition ' || pg_get_expr(c.relpartbound, c.oid)) AS detail,
    NULL AS ddl ${from} WHERE ${selected}`;

const columns = `
  SELECT kind || ' of ' || ${table} || '.' || a.attname AS id, n.nspname || '.' || c.relname AS object,
    kind || ' of column ' || a.attname AS kind, detail, format('ALTER TABLE %s ', ${table}) || ddl AS ddl,
    CASE kind WHEN 'presence' THEN 'table ' || ${table} ELSE 'presence of ' || ${table} || '.' || a.attname END AS parent
  ${from}
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  CROSS JOIN LATERAL (SELECT format_type(a.atttypid, a.atttypmod) AS type, pg_get_expr(d.adbin, d.adrelid) AS value) e
  CROSS JOIN LATERAL (VALUES
    ('presence', 'present', format('ADD COLUMN %I %s;', a.attname, e.type)),
    ('type', e.type, format('ALTER %I TYPE %s;', a.attname, e.type)),
    ('nullability', CASE WHEN a.attnotnull THEN 'not null' ELSE 'nullable' END,
      format('ALTER %I %s NOT NULL;', a.attname, CASE WHEN a.attnotnull THEN 'SET' ELSE 'DROP' END)),
    ('default', CASE WHEN a.attgenerated = '' THEN coalesce(e.value, 'none') END,
      CASE WHEN e.value IS NULL THEN format('ALTER %I DROP DEFAULT;', a.attname)
           ELSE format('ALTER %I SET DEFAULT %s;', a.attname, e.value) END),
    ('generation', CASE WHEN a.attgenerated <> '' THEN e.value END, NULL),
    ('identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
      format('ALTER %I ADD GENERATED %s AS IDENTITY;', a.attname,
             CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END))
  ) AS facts(kind, detail, ddl)
  WHERE ${selected} AND detail IS NOT NULL`;

const constraints = `
  SELECT 'constraint ' || ${table} || ' ' || definition AS id, n.nspname || '.' || c.relname AS object,
    CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique key' WHEN 'f' THEN 'foreign key'
                   WHEN 'c' THEN 'check' ELSE 'exclusion' END AS kind,
    definition AS detail, format('ALTER TABLE %s ADD CONSTRAINT %I %s;', ${table}, k.conname, definition) AS ddl,
    ${ofTable}
  ${from} JOIN pg_constraint k ON k.conrelid = c.oid
  CROSS JOIN LATERAL pg_get_constraintdef(k.oid) AS definition
  WHERE ${selected} AND k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0`;

// Without its name: the same index under another name is the same index.
const indexes = `
  SELECT 'index ' || definition AS id, n.nspname || '.' || c.relname AS object,
    CASE WHEN i.indisunique THEN 'unique index' ELSE 'index' END AS kind, definition AS detail,
    pg_get_indexdef(i.indexrelid) || ';' AS ddl, ${ofTable}
  ${from} JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid
  CROSS JOIN LATERAL (SELECT replace(pg_get_indexdef(i.indexrelid), format(' %I ON ', x.relname), ' ON ')
    || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END AS definition) d
  WHERE ${selected} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`;

const triggers = `
  SELECT 'trigger ' || ${table} || '.' || t.tgname AS id, n.nspname || '.' || c.relname AS object, 'trigger ' || t.tgname AS kind,
    pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' WHEN 'D' THEN ' (disabled)' WHEN 'R' THEN ' (replica)'
      ELSE ' (always)' END AS detail,
    pg_get_triggerdef(t.oid) || ';' AS ddl, ${ofTable}
  ${from} JOIN pg_trigger t ON t.tgrelid = c.oid WHERE ${selected} AND NOT t.tgisinternal AND t.tgparentid = 0`;

const rules = `
  SELECT 'rule ' || ${table} || '.' || r.rulename AS id, n.nspname || '.' || c.relname AS object, 'rule ' || r.rulename AS kind,
    pg_get_ruledef(r.oid) AS detail, pg_get_ruledef(r.oid) AS ddl, ${ofTable}
  ${from} JOIN pg_rewrite r ON r.ev_class = c.oid WHERE ${selected}`;

const policies = `
  SELECT 'policy ' || ${table} || '.' || p.polname AS id, n.nspname || '.' || c.relname AS object, 'policy ' || p.polname AS kind,
    concat_ws(' ', p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) AS detail,
    NULL AS ddl, ${ofTable}
  ${from} JOIN pg_policy p ON p.polrelid = c.oid WHERE ${selected}`;

export const tableFactQueries = [tables, columns, constraints, indexes, triggers, rules, policies] as const;
