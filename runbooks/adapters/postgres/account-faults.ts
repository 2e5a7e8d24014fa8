import type { AccountFault } from '../../ports/fitness';
import { readAccounts, writeAccounts } from './accounts';
import { migratedTables } from './migrated-tables';
import type { PostgresSide } from './postgres-side';

/** Attributes that let an account pass the fence or open it. */
const attributes = `SELECT r.rolname AS account, f.fault, format('ALTER ROLE %I ' || f.without, r.rolname) AS repair
  FROM pg_roles r, LATERAL (VALUES
    (r.rolsuper, 'is a superuser: no fence holds it', 'NOSUPERUSER'),
    (r.rolcreaterole, 'has CREATEROLE: it could unlock accounts', 'NOCREATEROLE'),
    (r.rolreplication, 'has REPLICATION', 'NOREPLICATION')) f (holds, fault, without)
  WHERE r.rolname = ANY ($1::text[]) AND f.holds`;

const ownership = `SELECT r.rolname AS account, 'owns ' || min(c.oid::regclass::text)
      || CASE WHEN count(*) > 1 THEN ' and ' || count(*) - 1 || ' more migrated tables' ELSE '' END AS fault,
    format('REASSIGN OWNED BY %I TO another role, which does not log in', r.rolname) AS repair
  FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
  WHERE r.rolname = ANY ($1::text[]) AND c.oid = ANY ($3::oid[]) GROUP BY r.rolname`;

/** Every role that a read account may act as counts, inherited or not: SET ROLE reaches it. */
const writing = `SELECT r.rolname AS account, 'may write ' || min(c.oid::regclass::text)
      || CASE WHEN count(DISTINCT c.oid) > 1 THEN ' and ' || count(DISTINCT c.oid) - 1 || ' more migrated tables' ELSE '' END
      || CASE WHEN bool_and(m.oid <> r.oid) THEN ' as ' || min(m.rolname) ELSE '' END AS fault,
    format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %s FROM %I', min(c.oid::regclass::text), min(m.rolname)) AS repair
  FROM pg_roles r JOIN pg_roles m ON m.oid = r.oid OR pg_has_role(r.oid, m.oid, 'MEMBER'), pg_class c
  WHERE r.rolname = ANY ($2::text[]) AND NOT r.rolsuper AND c.oid = ANY ($3::oid[])
    AND (has_table_privilege(m.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
      OR has_any_column_privilege(m.oid, c.oid, 'INSERT, UPDATE'))
  GROUP BY r.rolname`;

const membership = `SELECT r.rolname AS account, 'is a member of the write account ' || w.rolname AS fault,
    format('REVOKE %I FROM %I', w.rolname, r.rolname) AS repair
  FROM pg_roles r JOIN pg_roles w ON w.rolname = ANY ($4::text[]) AND pg_has_role(r.oid, w.oid, 'MEMBER')
  WHERE r.rolname = ANY ($2::text[]) AND NOT r.rolsuper`;

/** Why a declared account is not what it is declared to be. */
export async function accountFaults(side: PostgresSide, signal: AbortSignal): Promise<AccountFault[]> {
  const read = readAccounts(side);
  const write = writeAccounts(side);
  const tables = (await migratedTables(side, signal)).map((table) => table.oid);
  const ask = async (sql: string) =>
    (
      await side.reading.rows(
        `WITH given (every, readers, tables, writers) AS (VALUES ($1::text[], $2::text[], $3::oid[], $4::text[])) ${sql}`,
        [[...write, ...read], read, tables, write],
        signal,
      )
    ).map((row) => ({
      account: row['account'] as string,
      fault: row['fault'] as string,
      repair: row['repair'] as string,
    }));
  const answers = await Promise.all([attributes, ownership, writing, membership].map(ask));
  return answers.flat();
}
