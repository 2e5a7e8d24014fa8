import type { Credentials } from '../credentials';
import type { DatabaseAccounts } from '../databases/accounts';
import type { Scenario } from '../scenarios/scenario';

/** Who logs in to the databases of a scenario, on both sides. */
export function databaseAccounts(
  { accounts: { write, read } }: Scenario,
  credentials: Credentials,
  { runbook, replication } = { runbook: 'cutover_runbook', replication: 'cutover_replication' },
): DatabaseAccounts {
  const account = (name: string) => ({ name, password: credentials.passwordOf(name) });
  return {
    runbook: account(runbook),
    replication: account(replication),
    write: write.map(account),
    read: read.map(account),
  };
}
