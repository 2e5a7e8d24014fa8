import { readFileSync } from 'node:fs';
import type { Credentials } from './credentials';
import { prepareDatabases } from './databases/prepare-databases';
import type { Engine } from './engines/postgres';
import type { Scenario } from './scenarios/scenario';
import { LEDGER_SCHEMA, rehearsalTablesSql } from './workload/rehearsal-tables';

/** The scenario's database on both sides, its data on the source. @returns the table patterns that a migration includes. */
export async function prepareSides(
  engines: Readonly<Record<'source' | 'target', Engine>>,
  scenario: Scenario,
  credentials: Credentials,
): Promise<string[]> {
  const account = (name: string) => ({ name, password: credentials.passwordOf(name) });
  const { write, read } = scenario.accounts;
  const { schemas } = await prepareDatabases({
    engines,
    database: scenario.database,
    accounts: {
      runbook: account('cutover_runbook'),
      replication: account('cutover_replication'),
      write: write.map(account),
      read: read.map(account),
    },
    schemaSql: readFileSync(scenario.schemaFile, 'utf8'),
    seedSql: scenario.seedFile && readFileSync(scenario.seedFile, 'utf8'),
    furtherSql: rehearsalTablesSql({ write: [...write], read: [...read] }),
  });
  return [...schemas, LEDGER_SCHEMA].map((schema) => `${schema}.%`);
}
