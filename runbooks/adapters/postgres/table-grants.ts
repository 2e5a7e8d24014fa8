import { rowPrivileges, type TableGrant } from '../../ports/fitness';
import { readAccounts, writeAccounts } from './accounts';
import { migratedTables } from './migrated-tables';
import type { PostgresSide } from './postgres-side';

const held = `SELECT r.rolname AS account, n.nspname || '.' || c.relname AS table, p.name AS privilege
  FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, unnest($3::text[]) AS p (name)
  WHERE r.rolname = ANY ($1::text[]) AND c.oid = ANY ($2::oid[])
    AND has_schema_privilege(r.oid, n.oid, 'USAGE') AND has_table_privilege(r.oid, c.oid, p.name)`;

/** By the account's own grants, its roles' and PUBLIC's. */
export async function tableGrants(side: PostgresSide, signal: AbortSignal): Promise<TableGrant[]> {
  const tables = await migratedTables(side, signal);
  const declared = [...new Set([...writeAccounts(side), ...readAccounts(side)])];
  const rows = await side.reading.rows(held, [declared, tables.map(({ oid }) => oid), [...rowPrivileges]], signal);
  const standing = new Set(rows.map((row) => `${row['account']} ${row['table']} ${row['privilege']}`));
  return declared.flatMap((account) =>
    tables.map(({ schema, table: name }) => {
      const table = `${schema}.${name}`;
      return {
        account,
        table,
        privileges: rowPrivileges.filter((privilege) => standing.has(`${account} ${table} ${privilege}`)),
      };
    }),
  );
}

/** An account or a table that is not there is told by others. */
const asked = `WITH asked AS (
  SELECT r.oid AS role, r.rolname AS account, n.oid AS schema, n.nspname, c.oid AS relation, c.relname, w.privilege
  FROM unnest($1::text[], $2::text[], $3::text[]) AS w (account, name, privilege)
  JOIN pg_roles r ON r.rolname = w.account
  JOIN pg_class c ON c.oid = ANY ($4::oid[])
  JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname || '.' || c.relname = w.name)`;

/** Tables of a schema that lack the same are one GRANT. */
const lacking = [
  `SELECT account || ': USAGE on schema ' || nspname AS privilege, format('GRANT USAGE ON SCHEMA %I TO %I', nspname, account) AS grant
     FROM asked WHERE NOT has_schema_privilege(role, schema, 'USAGE') GROUP BY account, nspname`,
  `SELECT account || ': ' || privileges || ' on ' || string_agg(nspname || '.' || relname, ', ' ORDER BY relname) AS privilege,
      format('GRANT %s ON %s TO %I', privileges, string_agg(format('%I.%I', nspname, relname), ', ' ORDER BY relname), account) AS grant
     FROM (SELECT account, nspname, relname, string_agg(privilege, ', ' ORDER BY array_position(ARRAY['${rowPrivileges.join(`', '`)}'], privilege)) AS privileges
             FROM asked WHERE NOT has_table_privilege(role, relation, privilege) GROUP BY account, nspname, relname) t
    GROUP BY account, nspname, privileges`,
  // What counts a column by its default is used with the rights of who inserts; an identity is not.
  `SELECT DISTINCT account || ': USAGE on sequence ' || s.oid::regclass AS privilege,
      format('GRANT USAGE ON SEQUENCE %s TO %I', s.oid::regclass, account) AS grant
     FROM asked JOIN pg_attrdef a ON a.adrelid = relation
     JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid AND d.refclassid = 'pg_class'::regclass
     JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
    WHERE privilege = 'INSERT' AND NOT has_sequence_privilege(role, CASE WHEN s.relkind = 'S' THEN s.oid END, 'USAGE, UPDATE')`,
];

/** See the port. */
export async function missingGrants(
  side: PostgresSide,
  wanted: readonly TableGrant[],
  signal: AbortSignal,
): Promise<{ privilege: string; grant: string }[]> {
  const tables = (await migratedTables(side, signal)).map(({ oid }) => oid);
  const each = wanted.flatMap(({ account, table, privileges }) => privileges.map((name) => [account, table, name]));
  const columns = [0, 1, 2].map((at) => each.map((row) => row[at] ?? ''));
  const found: { privilege: string; grant: string }[] = [];
  for (const query of lacking) {
    const rows = await side.reading.rows(`${asked} ${query} ORDER BY 1`, [...columns, tables], signal);
    found.push(...rows.map((row) => ({ privilege: row['privilege'] ?? '', grant: row['grant'] ?? '' })));
  }
  return found;
}
