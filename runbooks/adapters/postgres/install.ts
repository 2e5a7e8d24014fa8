import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Effect } from '../../ports/effect';
import { effectOn, noGuard } from '../database/side';
import type { PostgresSide } from './postgres-side';
import { writeAccounts } from './accounts';

/** Accounts among the allowed that replicate: by attribute, or on RDS by membership in rds_replication. */
const replicators = `SELECT r.rolname FROM pg_roles r
  WHERE r.rolname = ANY ($1::text[]) AND NOT r.rolsuper
    AND (r.rolreplication OR EXISTS (SELECT FROM pg_roles g
          WHERE g.rolname = 'rds_replication' AND pg_has_role(r.oid, g.oid, 'MEMBER')))`;

const grants = `SELECT format(g.sql, r.rolname) AS sql
  FROM (${replicators}) r, (VALUES
    ('GRANT USAGE ON SCHEMA cutover_flow TO %I'),
    ('GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA cutover_flow TO %I')) g (sql)
  UNION ALL
  SELECT format(g.sql, r.rolname)
  FROM pg_roles r, (VALUES
    ('GRANT USAGE ON SCHEMA cutover_local TO %I'),
    ('GRANT INSERT ON cutover_local.write_proof TO %I')) g (sql)
  WHERE r.rolname = ANY ($2::text[])`;

/** Tables that stand, and what the accounts still lack; one row with `yes` when nothing is left to do. */
const isInstalled = `SELECT 'yes' AS answer
  WHERE (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND c.relkind = 'r'
          WHERE (n.nspname, c.relname) IN (('cutover_local', 'decision'), ('cutover_local', 'fenced_account'),
            ('cutover_local', 'verification'), ('cutover_local', 'journal_head'), ('cutover_local', 'write_proof'),
            ('cutover_flow', 'marker_forward'), ('cutover_flow', 'marker_reverse'),
            ('cutover_flow', 'heartbeat_forward'), ('cutover_flow', 'heartbeat_reverse'))) = 9
    AND EXISTS (SELECT FROM cutover_local.state WHERE migration = $3)
    AND NOT EXISTS (SELECT FROM (${replicators}) r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'cutover_flow' AND c.relkind = 'r'
            AND NOT (has_schema_privilege(r.rolname, n.oid, 'USAGE') AND has_table_privilege(r.rolname, c.oid, 'SELECT')
              AND has_table_privilege(r.rolname, c.oid, 'INSERT') AND has_table_privilege(r.rolname, c.oid, 'UPDATE')
              AND has_table_privilege(r.rolname, c.oid, 'DELETE') AND has_table_privilege(r.rolname, c.oid, 'TRUNCATE')))
    AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = ANY ($2::text[])
          AND NOT (has_schema_privilege(r.oid, 'cutover_local', 'USAGE')
            AND has_table_privilege(r.oid, 'cutover_local.write_proof', 'INSERT')))`;

/** Creates the control schemas and grants what replication and the write proof need; a standing state row stays. */
export function installControlSchema(side: PostgresSide): Effect {
  const { allowed } = side.manifest.accounts;
  const installed = async (signal: AbortSignal) => {
    const values = [allowed, writeAccounts(side), side.migration];
    return (await side.reading.rowsIfMade(isInstalled, values, signal)).length === 1;
  };
  return effectOn(side, 'install', {
    touches: `schemas cutover_local and cutover_flow on the ${side.title}`,
    precheck: installed,
    act: (effects, signal) =>
      effects.transaction(
        signal,
        async (statement) => {
          await statement(`SELECT pg_advisory_xact_lock(hashtextextended('cutover_local install', 0))`);
          await statement(readFileSync(join(__dirname, 'control-schema.sql'), 'utf8'));
          await statement(
            `INSERT INTO cutover_local.state (migration, epoch, primary_side, direction, phase, switch_epoch, detail)
               VALUES ($1, 0, 'source', 'forward', 'starting', 0, '{}') ON CONFLICT DO NOTHING`,
            [side.migration],
          );
          for (const row of await statement(grants, [allowed, writeAccounts(side)]))
            await statement(row['sql'] as string);
        },
        noGuard,
      ),
    verify: installed,
  });
}
