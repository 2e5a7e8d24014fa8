import type { PostgresSide } from './postgres-side';

/** Names of one kind of declared account. */
export const writeAccounts = ({ manifest }: PostgresSide): string[] => manifest.accounts.write.map(({ name }) => name);
export const readAccounts = ({ manifest }: PostgresSide): string[] => manifest.accounts.read.map(({ name }) => name);

/**
 * Roles that a fence locks, as a condition on `pg_roles r`: not the runbook's own, not allowed, not a declared read
 * account, not a superuser, not one of RDS's own (`rds…`; a declared write account may be called so).
 * Parameters: $1 names that are left alone, $2 declared write accounts.
 */
export const isOutsider = `NOT r.rolsuper AND r.rolname NOT IN (current_user, session_user)
  AND NOT r.rolname = ANY ($1::text[]) AND (r.rolname NOT LIKE 'rds%' OR r.rolname = ANY ($2::text[]))`;

export const outsiderValues = (side: PostgresSide): [string[], string[]] => [
  [...side.manifest.accounts.allowed, ...readAccounts(side)].filter((name) => !writeAccounts(side).includes(name)),
  writeAccounts(side),
];

/** Roles that could log in and that a fence would lock. */
export const unlockedOutsiders = `SELECT r.rolname AS account, quote_ident(r.rolname) AS quoted FROM pg_roles r
  WHERE r.rolcanlogin AND ${isOutsider} ORDER BY r.rolname`;

/**
 * Sessions of such roles in this database, and of roles that were dropped meanwhile. Every kind of backend counts: a
 * scheduler's worker or a subscription's apply worker writes as well as a client does.
 */
export const outsiderSessions = `SELECT a.pid::text, coalesce(r.rolname, 'role ' || a.usesysid) AS account,
    coalesce(a.application_name, '') AS application, (a.backend_xid IS NOT NULL)::text AS writing
  FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid
  WHERE a.datname = current_database() AND a.usesysid IS NOT NULL AND a.pid <> pg_backend_pid()
    AND (r.oid IS NULL OR (${isOutsider}))
  ORDER BY a.pid`;

/**
 * Backends that are still logging in: they hold a transaction but stand in no census yet. One of them may have passed
 * the check of its account just before the fence was committed.
 */
export const startingBackends = `SELECT l.pid || ' ' || l.virtualtransaction AS backend FROM pg_locks l
  WHERE l.locktype = 'virtualxid' AND l.granted AND l.pid IS NOT NULL AND l.pid <> pg_backend_pid()
    AND NOT EXISTS (SELECT FROM pg_stat_activity a
                     WHERE a.pid = l.pid AND (a.usesysid IS NOT NULL OR a.backend_type <> 'client backend'))`;
