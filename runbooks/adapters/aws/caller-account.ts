import { UsageError } from '../../ports/failures';
import type { AwsClients } from './clients';
import { during } from './during';

/** The account that the credentials belong to (STS GetCallerIdentity). */
export async function callerAccount(clients: AwsClients, signal: AbortSignal): Promise<string> {
  const { sdk, client } = await clients.sts();
  const { Account } = await during(signal, (options) => client.send(new sdk.GetCallerIdentityCommand({}), options));
  if (Account === undefined) throw new Error('STS GetCallerIdentity answered without an account');
  clients.knowAccount(Account);
  return Account;
}

/** Nothing of a migration may be asked with the credentials of another account. @throws UsageError naming both. */
export function checkAccount(found: string, wanted: { account: string; environment: string }): void {
  if (found === wanted.account) return;
  throw new UsageError(
    'wrong-account',
    `the credentials belong to account ${found}, environment "${wanted.environment}" is in account ${wanted.account}`,
    { next: `sign in to account ${wanted.account}: aws sso login, with AWS_PROFILE set to a profile of it` },
  );
}
