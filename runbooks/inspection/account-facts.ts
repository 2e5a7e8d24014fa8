/** What the declared accounts may do, as the engine itself judges it (`$1` tables by OID, `$2` schemas, `$3` accounts). */
const accounts = `
  SELECT 'account ' || r.rolname AS id, r.rolname AS object, 'account' AS kind,
    concat_ws(', ', CASE WHEN r.rolsuper THEN 'superuser' END, CASE WHEN r.rolcreaterole THEN 'may create roles' END,
      CASE WHEN r.rolbypassrls THEN 'bypasses row security' END, 'connections ' || r.rolconnlimit,
      (SELECT string_agg(s, ', ' ORDER BY s) FROM pg_db_role_setting d, unnest(d.setconfig) s WHERE d.setrole = r.oid
         AND d.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())))) AS detail,
    NULL AS ddl
  FROM pg_roles r WHERE r.rolname = ANY ($3::text[]) AND $1::oid[] IS NOT NULL AND $2::text[] IS NOT NULL`;

const asked = `FROM unnest($3::text[]) AS w(account) JOIN pg_roles r ON r.rolname = w.account`;

const onTables = `
  SELECT 'grants ' || r.rolname || ' ' || n.nspname || '.' || c.relname AS id, n.nspname || '.' || c.relname AS object,
    'grants of ' || r.rolname AS kind, coalesce(privileges, 'none') AS detail,
    format('GRANT %s ON %I.%I TO %I;', privileges, n.nspname, c.relname, r.rolname) AS ddl,
    format('table %I.%I', n.nspname, c.relname) AS parent
  ${asked} CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT string_agg(p, ', ' ORDER BY p) AS privileges
    FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
    WHERE has_table_privilege(r.oid, c.oid, p)) g
  WHERE c.oid = ANY ($1::oid[]) AND $2::text[] IS NOT NULL`;

const onSequences = `
  SELECT 'grants ' || r.rolname || ' ' || n.nspname || '.' || c.relname AS id, n.nspname || '.' || c.relname AS object,
    'grants of ' || r.rolname AS kind, coalesce(privileges, 'none') AS detail,
    format('GRANT %s ON SEQUENCE %I.%I TO %I;', privileges, n.nspname, c.relname, r.rolname) AS ddl,
    'sequence ' || n.nspname || '.' || c.relname AS parent
  ${asked} CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT string_agg(p, ', ' ORDER BY p) AS privileges FROM unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) p
    WHERE has_sequence_privilege(r.oid, CASE WHEN c.relkind = 'S' THEN c.oid END, p)) g
  WHERE c.relkind = 'S' AND n.nspname = ANY ($2::text[]) AND $1::oid[] IS NOT NULL`;

const onSchemas = `
  SELECT 'grants ' || r.rolname || ' schema ' || n.nspname AS id, n.nspname AS object, 'grants on the schema of ' || r.rolname AS kind,
    coalesce(privileges, 'none') AS detail, format('GRANT %s ON SCHEMA %I TO %I;', privileges, n.nspname, r.rolname) AS ddl
  ${asked} CROSS JOIN pg_namespace n
  CROSS JOIN LATERAL (SELECT string_agg(p, ', ' ORDER BY p) AS privileges FROM unnest(ARRAY['USAGE', 'CREATE']) p
    WHERE has_schema_privilege(r.oid, n.oid, p)) g
  WHERE n.nspname = ANY ($2::text[]) AND $1::oid[] IS NOT NULL`;

export const accountFactQueries = [accounts, onTables, onSequences, onSchemas] as const;
