import { rowPrivileges } from '../../ports/fitness';
import { isCalled } from './beside-tables';

/** An account, a table, a view or a column that is not there is told by others; `col` is null where the whole is asked for. */
const asked = `WITH asked AS (
  SELECT r.oid AS role, r.rolname AS account, n.oid AS schema, n.nspname, c.oid AS relation, c.relname, w.privilege, a.attname AS col
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS w (account, name, privilege, col)
  JOIN pg_roles r ON r.rolname = w.account
  JOIN pg_class c ON c.oid = ANY ($5::oid[])
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname || '.' || c.relname = w.name
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = w.col AND a.attnum > 0 AND NOT a.attisdropped
  WHERE w.col = '' OR a.attname IS NOT NULL)`;

const usage = `SELECT account || ': USAGE on schema ' || nspname AS privilege, format('GRANT USAGE ON SCHEMA %I TO %I', nspname, account) AS grant
  FROM asked WHERE NOT has_schema_privilege(role, schema, 'USAGE') GROUP BY account, nspname ORDER BY 1`;

const order = `array_position(ARRAY['${rowPrivileges.join(`', '`)}'], privilege)`;

/** Tables of a schema that lack the same are one GRANT. */
export const lackingTables = [
  `${asked} ${usage}`,
  `${asked}
   SELECT account || ': ' || privileges || ' on ' || string_agg(nspname || '.' || relname, ', ' ORDER BY relname) AS privilege,
      format('GRANT %s ON %s TO %I', privileges, string_agg(format('%I.%I', nspname, relname), ', ' ORDER BY relname), account) AS grant
     FROM (SELECT account, nspname, relname, string_agg(privilege, ', ' ORDER BY ${order}) AS privileges
             FROM asked WHERE col IS NULL AND NOT has_table_privilege(role, relation, privilege) GROUP BY account, nspname, relname) t
    GROUP BY account, nspname, privileges ORDER BY 1`,
  // What counts a column by its default is used with the rights of who inserts; an identity is not.
  `${asked}
   SELECT DISTINCT account || ': USAGE on sequence ' || s.oid::regclass AS privilege,
      format('GRANT USAGE ON SEQUENCE %s TO %I', s.oid::regclass, account) AS grant
     FROM asked JOIN pg_attrdef a ON a.adrelid = relation
     JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid AND d.refclassid = 'pg_class'::regclass
     JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
    WHERE privilege = 'INSERT' AND NOT has_sequence_privilege(role, CASE WHEN s.relkind = 'S' THEN s.oid END, 'USAGE, UPDATE') ORDER BY 1`,
];

export const lackingColumns = `${asked}
  SELECT account || ': ' || string_agg(format('%s (%s)', privilege, names), ', ' ORDER BY ${order}) || ' on ' || nspname || '.' || relname AS privilege,
    format('GRANT %s ON %I.%I TO %I', string_agg(format('%s (%s)', privilege, quoted), ', ' ORDER BY ${order}), nspname, relname, account) AS grant
  FROM (SELECT account, nspname, relname, privilege, string_agg(col, ', ' ORDER BY col) AS names,
               string_agg(quote_ident(col), ', ' ORDER BY col) AS quoted
          FROM asked WHERE col IS NOT NULL AND NOT has_column_privilege(role, relation, col, privilege)
         GROUP BY account, nspname, relname, privilege) t
  GROUP BY account, nspname, relname ORDER BY 1`;

/** Of several routines with one name one will do: which of them takes what the other side's takes is not known. */
const calls = `WITH asked AS (
  SELECT r.oid AS role, r.rolname AS account, n.oid AS schema, n.nspname, p.oid AS routine, w.name
  FROM unnest($1::text[], $2::text[]) AS w (account, name)
  JOIN pg_roles r ON r.rolname = w.account
  JOIN pg_proc p ON ${isCalled}
  JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname || '.' || p.proname = w.name)`;

export const lackingRoutines = [
  `${calls} ${usage}`,
  `${calls}
   SELECT account || ': EXECUTE on ' || name AS privilege,
     format('GRANT EXECUTE ON ROUTINE %s TO %I', string_agg(routine::regprocedure::text, ', ' ORDER BY routine), account) AS grant
   FROM asked GROUP BY account, name HAVING NOT bool_or(has_function_privilege(role, routine, 'EXECUTE')) ORDER BY 1`,
];
