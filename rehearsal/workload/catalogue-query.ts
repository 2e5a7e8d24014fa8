/**
 * One JSON object per table; parameters: the writing and the reading account.
 *
 * A unique index on an expression shows the columns that the expression uses (pg_depend), so that changing them makes
 * it unique again. Exclusion constraints count as unique indexes for the same reason.
 */
export const CATALOGUE_QUERY = `
SELECT jsonb_build_object(
  'id', n.nspname || '.' || c.relname,
  'sql', format('%I.%I', n.nspname, c.relname),
  'columns', (
    SELECT jsonb_agg(jsonb_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, a.atttypmod),
      'base', b.typname,
      'element', (SELECT e.typname FROM pg_type e WHERE e.oid = b.typelem AND b.typcategory = 'A'),
      'labels', (SELECT jsonb_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_enum l
                 WHERE l.enumtypid = CASE WHEN b.typcategory = 'A' THEN b.typelem ELSE b.oid END),
      'maxLength', CASE WHEN b.typname IN ('varchar', 'bpchar', '_varchar', '_bpchar') AND m.typmod > 4 THEN m.typmod - 4 END,
      'precision', CASE WHEN b.typname IN ('numeric', '_numeric') AND m.typmod > 4 THEN ((m.typmod - 4) >> 16) & 65535 END,
      'scale', CASE WHEN b.typname IN ('numeric', '_numeric') AND m.typmod > 4 THEN (m.typmod - 4) & 2047 END,
      'notNull', a.attnotnull,
      'computed', a.attgenerated <> '',
      'keyMaker', CASE
        WHEN a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%' THEN 'sequence'
        WHEN pg_get_expr(d.adbin, d.adrelid) ~ '(gen_random_uuid|uuid_generate_v\\d\\w*)\\(' THEN 'uuid' END,
      'restricted', t.typtype = 'd' OR EXISTS (
        SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))
    ) ORDER BY a.attnum)
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
    CROSS JOIN LATERAL (SELECT CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS typmod) m
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'primary', (
    SELECT (SELECT jsonb_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, place)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum)
    FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary),
  'uniques', coalesce((
    SELECT jsonb_agg((
      SELECT jsonb_agg(DISTINCT a.attname) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND (a.attnum = ANY (i.indkey) OR EXISTS (
        SELECT FROM pg_depend p WHERE p.classid = 'pg_class'::regclass AND p.objid = i.indexrelid
          AND p.refobjid = c.oid AND p.refobjsubid = a.attnum AND 0 = ANY (i.indkey)))))
    FROM pg_index i WHERE i.indrelid = c.oid AND (i.indisunique OR i.indisexclusion)), '[]'),
  'foreignKeys', coalesce((
    SELECT jsonb_agg(jsonb_build_object(
      'columns', (SELECT jsonb_agg(a.attname ORDER BY k.place) FROM unnest(f.conkey) WITH ORDINALITY k(attnum, place)
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum),
      'table', rn.nspname || '.' || r.relname,
      'referenced', (SELECT jsonb_agg(a.attname ORDER BY k.place) FROM unnest(f.confkey) WITH ORDINALITY k(attnum, place)
                     JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.attnum)
    ) ORDER BY f.oid)
    FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
    WHERE f.conrelid = c.oid AND f.contype = 'f' AND NOT r.relispartition), '[]'),
  'hasAfterTriggers', EXISTS (
    SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal AND g.tgtype & 66 = 0 AND g.tgenabled <> 'D'),
  'writable', has_table_privilege($1, c.oid, 'INSERT') AND has_table_privilege($1, c.oid, 'UPDATE')
    AND has_table_privilege($1, c.oid, 'DELETE') AND has_table_privilege($1, c.oid, 'SELECT'),
  'readable', has_table_privilege($2, c.oid, 'SELECT')
) AS table
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
  AND n.nspname !~ '^(pg_|information_schema$|rehearsal_probe$|cutover_|awsdms_control$)'
  AND c.relname !~ '^awsdms_' AND NOT (n.nspname = 'rehearsal_ledger' AND c.relname = 'entries')
ORDER BY n.nspname, c.relname`;
