import type { Credentials } from '../credentials';
import type { DatabaseAccounts } from '../databases/accounts';
import type { Scenario } from '../scenarios/scenario';

/** Who logs in to the databases of a scenario, on both sides. */
export function databaseAccounts({ accounts: { write, read } }: Scenario, credentials: Credentials): DatabaseAccounts {
  const account = (name: string) => ({ name, password: credentials.passwordOf(name) });
  return {
    runbook: account('cutover_runbook'),
    replication: account('cutover_replication'),
    write: write.map(account),
    read: read.map(account),
  };
}
