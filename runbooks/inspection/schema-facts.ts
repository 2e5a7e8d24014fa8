/** What stands beside the tables in their schemas; `$1` are the schemas. What an extension owns comes with the extension. */
const ownedByExtension = (catalogue: string, oid: string) =>
  `EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
const name = (relation: string) => `n.nspname || '.' || ${relation}`;
const inSchema = `n.nspname = ANY ($1::text[])`;

const sequences = `
  SELECT 'sequence ' || ${name('c.relname')} AS id, ${name('c.relname')} AS object, 'sequence' AS kind,
    concat_ws(' ', format_type(s.seqtypid, NULL), 'increment', s.seqincrement, 'from', s.seqmin, 'to', s.seqmax,
              CASE WHEN s.seqcycle THEN 'cycle' END) AS detail,
    format('CREATE SEQUENCE %I.%I AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s;', n.nspname, c.relname,
           format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
           CASE WHEN s.seqcycle THEN ' CYCLE' END) AS ddl,
    -- The sequence of an identity comes and goes with it.
    (SELECT 'identity of ' || format('%I.%I', tn.nspname, t.relname) || '.' || a.attname
     FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
     WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i') AS parent
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${inSchema} AND NOT ${ownedByExtension('pg_class', 'c.oid')}`;

// The text of a view's query is printed differently by different majors; what it offers is not.
const views = `
  SELECT 'view ' || ${name('c.relname')} AS id, ${name('c.relname')} AS object,
    CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS kind,
    (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS detail,
    format('CREATE %s %I.%I AS %s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, n.nspname, c.relname,
           pg_get_viewdef(c.oid)) AS ddl
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('v', 'm') AND ${inSchema} AND NOT ${ownedByExtension('pg_class', 'c.oid')}`;

const routines = `
  SELECT 'routine ' || signature AS id, signature AS object, 'routine' AS kind,
    concat_ws(' ', l.lanname, 'returns', pg_get_function_result(p.oid), p.provolatile::text,
      CASE WHEN p.prosecdef THEN 'security definer' END, CASE WHEN p.proisstrict THEN 'strict' END,
      array_to_string(p.proconfig, ' '), 'body', md5(p.prosrc)) AS detail,
    CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) || ';' END AS ddl
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
  CROSS JOIN LATERAL (SELECT ${name('p.proname')} || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS signature) s
  WHERE ${inSchema} AND NOT ${ownedByExtension('pg_proc', 'p.oid')}`;

const types = `
  SELECT 'type ' || ${name('t.typname')} AS id, ${name('t.typname')} AS object,
    CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'composite type' END AS kind,
    CASE t.typtype
      WHEN 'e' THEN (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                     FROM pg_enum e WHERE e.enumtypid = t.oid)
      WHEN 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'not null' END,
        'default ' || t.typdefault, (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname)
                                     FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))
      ELSE (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END AS detail,
    NULL AS ddl
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE ${inSchema} AND (t.typtype IN ('e', 'd') OR c.relkind = 'c') AND NOT ${ownedByExtension('pg_type', 't.oid')}`;

export const schemaFactQueries = [sequences, views, routines, types] as const;
