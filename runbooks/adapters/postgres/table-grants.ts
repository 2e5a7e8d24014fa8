import { rowPrivileges, type Grant } from '../../ports/fitness';
import { readAccounts, writeAccounts } from './accounts';
import { isCalled, viewsBeside } from './beside-tables';
import { lackingColumns, lackingRoutines, lackingTables } from './lacking-grants';
import { migratedTables } from './migrated-tables';
import type { PostgresSide } from './postgres-side';

const held = `FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`;
const asked = `r.rolname = ANY ($1::text[]) AND c.oid = ANY ($2::oid[]) AND has_schema_privilege(r.oid, n.oid, 'USAGE')`;

/** On a view all may be granted: what it cannot be asked to write is left out. */
const onWhole = `SELECT r.rolname AS account, n.nspname || '.' || c.relname AS object, p.name AS privilege
  ${held}, unnest(ARRAY['${rowPrivileges.join(`', '`)}']) AS p (name)
  WHERE ${asked} AND has_table_privilege(r.oid, c.oid, p.name) AND (c.relkind IN ('r', 'p') OR p.name = 'SELECT'
    OR pg_relation_is_updatable(c.oid, true) & CASE p.name WHEN 'UPDATE' THEN 4 WHEN 'INSERT' THEN 8 ELSE 16 END <> 0)`;

const onColumns = `SELECT r.rolname AS account, n.nspname || '.' || c.relname AS object, p.name AS privilege, a.attname AS name
  ${held} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attacl IS NOT NULL,
    unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS p (name)
  WHERE ${asked} AND NOT has_table_privilege(r.oid, c.oid, p.name) AND has_column_privilege(r.oid, c.oid, a.attnum, p.name)
  ORDER BY a.attname`;

const onRoutines = `SELECT DISTINCT r.rolname AS account, n.nspname || '.' || p.proname AS object
  FROM pg_roles r, pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE r.rolname = ANY ($1::text[]) AND n.nspname = ANY ($2::text[]) AND ${isCalled}
    AND has_schema_privilege(r.oid, n.oid, 'USAGE') AND has_function_privilege(r.oid, p.oid, 'EXECUTE') ORDER BY 1, 2`;

/** By the account's own grants, its roles' and PUBLIC's. */
export async function tableGrants(side: PostgresSide, signal: AbortSignal): Promise<Grant[]> {
  const tables = await migratedTables(side, signal);
  const views = await viewsBeside(side, tables, signal);
  const declared = [...new Set([...writeAccounts(side), ...readAccounts(side)])];
  const ask = (query: string, among: string[]) => side.reading.rows(query, [declared, among], signal);
  const relations = [...tables, ...views].map(({ oid }) => oid);
  const [whole, columns, routines] = await Promise.all([
    ask(onWhole, relations),
    ask(onColumns, relations),
    ask(onRoutines, [...new Set(tables.map(({ schema }) => schema))]),
  ]);
  const standing = new Set(whole.map((row) => `${row['account']} ${row['object']} ${row['privilege']}`));
  const grantOf = (account: string, kind: 'table' | 'view', object: string): Grant => {
    const single = columns.filter((row) => row['account'] === account && row['object'] === object);
    const ofColumns = rowPrivileges
      .map((privilege) => ({ privilege, rows: single.filter((row) => row['privilege'] === privilege) }))
      .filter(({ rows }) => rows.length > 0)
      .map(({ privilege, rows }) => ({ privilege, names: rows.map((row) => row['name'] ?? '') }));
    return {
      ...{ account, kind, object },
      privileges: rowPrivileges.filter((privilege) => standing.has(`${account} ${object} ${privilege}`)),
      ...(ofColumns.length > 0 && { columns: ofColumns }),
    };
  };
  return declared.flatMap((account): Grant[] => [
    ...tables.map(({ schema, table }) => grantOf(account, 'table', `${schema}.${table}`)),
    ...views.map(({ name }) => grantOf(account, 'view', name)),
    ...routines
      .filter((row) => row['account'] === account)
      .map((row): Grant => ({ account, kind: 'routine', object: row['object'] ?? '', privileges: ['EXECUTE'] })),
  ]);
}

/** See the port. */
export async function missingGrants(
  side: PostgresSide,
  wanted: readonly Grant[],
  signal: AbortSignal,
): Promise<{ privilege: string; grant: string }[]> {
  const tables = await migratedTables(side, signal);
  const views = await viewsBeside(side, tables, signal);
  const relations = [...tables, ...views].map(({ oid }) => oid);
  const onObjects = wanted.filter(({ kind }) => kind !== 'routine');
  const whole = onObjects.flatMap(({ account, object, privileges }) =>
    privileges.map((privilege) => [account, object, privilege, '']),
  );
  const single = onObjects.flatMap(({ account, object, columns = [] }) =>
    columns.flatMap(({ privilege, names }) => names.map((name) => [account, object, privilege, name])),
  );
  const calls = wanted.filter(({ kind }) => kind === 'routine').map(({ account, object }) => [account, object]);
  const column = (rows: readonly string[][], at: number) => rows.map((row) => row[at] ?? '');
  const values = [0, 1, 2, 3].map((at) => column([...whole, ...single], at));
  const found: { privilege: string; grant: string }[] = [];
  const add = async (query: string, parameters: unknown[]) => {
    const rows = await side.reading.rows(query, parameters, signal);
    found.push(...rows.map((row) => ({ privilege: row['privilege'] ?? '', grant: row['grant'] ?? '' })));
  };
  for (const query of [...lackingTables, lackingColumns]) await add(query, [...values, relations]);
  for (const query of lackingRoutines) await add(query, [column(calls, 0), column(calls, 1)]);
  return [...new Map(found.map((each) => [each.grant, each])).values()];
}
