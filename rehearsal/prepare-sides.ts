import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import type { Credentials } from './credentials';
import type { Engine } from './engines/postgres';
import type { Scenario } from './scenarios/scenario';
import { rehearsalTablesSql } from './workload/rehearsal-tables';

const q = (s: string) => `"${s.replaceAll('"', '""')}"`;

export async function prepareSides(
  engines: Readonly<Record<'source' | 'target', Engine>>,
  scenario: Scenario,
  credentials: Credentials,
): Promise<string[]> {
  const accounts = [...scenario.accounts.write, ...scenario.accounts.read];
  const owner = `${scenario.database}_owner`;
  const one = async (side: 'source' | 'target') => {
    const engine = engines[side];
    const admin = new Client(engine.superuser);
    await admin.connect();
    const pw = (n: string) => `PASSWORD '${credentials.passwordOf(n)}'`;
    await admin.query(`CREATE ROLE cutover_runbook LOGIN CREATEROLE REPLICATION ${pw('cutover_runbook')}`);
    await admin.query(`CREATE ROLE cutover_replication LOGIN REPLICATION ${pw('cutover_replication')}`);
    await admin.query(`CREATE ROLE ${q(owner)} NOLOGIN`);
    for (const a of accounts)
      await admin.query(
        `CREATE ROLE ${q(a)} ${side === 'target' && scenario.accounts.write.includes(a) ? 'NOLOGIN' : 'LOGIN'} ${pw(a)}`,
      );
    await admin.query(`CREATE DATABASE ${q(scenario.database)} OWNER ${q(owner)}`);
    await admin.query(`GRANT pg_signal_backend, pg_monitor, pg_read_all_data TO cutover_runbook`);
    await admin.query(`GRANT pg_read_all_data, pg_write_all_data TO cutover_replication`);
    await admin.query(`GRANT SET ON PARAMETER session_replication_role TO cutover_replication`);
    await admin.query(`GRANT ${[...accounts, owner].map(q).join(', ')} TO cutover_runbook WITH ADMIN OPTION`);
    if (side === 'target') await admin.query(`GRANT pg_maintain TO cutover_runbook`);
    await admin.query(`GRANT CREATE ON DATABASE ${q(scenario.database)} TO cutover_runbook, cutover_replication`);
    await admin.end();
    const db = new Client({ ...engine.superuser, database: scenario.database });
    await db.connect();
    await db.query(readFileSync(scenario.schemaFile, 'utf8'));
    await db.query('RESET ALL');
    if (side === 'source' && scenario.seedFile) await db.query(readFileSync(scenario.seedFile, 'utf8'));
    const schemas = (
      await db.query<{ n: string }>(
        `SELECT DISTINCT n.nspname AS n FROM pg_class c JOIN pg_namespace n ON n.oid=c.relnamespace WHERE c.relkind IN ('r','p') AND n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema'`,
      )
    ).rows.map((r) => r.n);
    for (const s of schemas) {
      await db.query(`GRANT USAGE ON SCHEMA ${q(s)} TO ${accounts.map(q).join(', ')}`);
      await db.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${q(s)} TO ${accounts.map(q).join(', ')}`);
      await db.query(
        `GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${q(s)} TO ${scenario.accounts.write.map(q).join(', ')}`,
      );
      await db.query(
        `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${q(s)} TO ${scenario.accounts.write.map(q).join(', ')}`,
      );
    }
    await db.query(rehearsalTablesSql({ write: [...scenario.accounts.write], read: [...scenario.accounts.read] }));
    for (const s of [...schemas, 'rehearsal_ledger'])
      await db.query(`GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${q(s)} TO cutover_runbook`);
    await db.end();
    return schemas;
  };
  const [schemas] = await Promise.all([one('source'), one('target')]);
  return [...schemas.map((s) => `${s}.%`), 'rehearsal_ledger.%'];
}
