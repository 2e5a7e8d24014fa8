import type { Reason } from '../../ports/reason';
import { everyAccount } from './accounts';
import { Client } from './client';
import { loginConfig } from './client-config';
import { connectionFailure } from './connection-failure';
import type { MysqlSide } from './mysql-side';
import { serverError } from './sql-error';

interface Login {
  readonly name: string;
  readonly secretId: string;
}

/** ER_ACCOUNT_HAS_BEEN_LOCKED of MySQL and of MariaDB; either answers it only after the password was accepted. */
const locked = new Set([3118, 4151]);
const accessDenied = 1045;

/** The one answer that proves a lock: after the password was accepted. */
export const isRefusedByLock = (error: unknown): boolean => locked.has(serverError(error) ?? 0);

/** Why the login failed; undefined when it was let in. */
async function refusalOf(side: MysqlSide, { secretId }: Login, program: string, signal: AbortSignal): Promise<unknown> {
  const credentials = await side.secrets.of(secretId);
  try {
    const client = await Client.open(loginConfig(side.address, credentials, program), signal);
    await client.end();
    return undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return error;
  }
}

async function unproven(side: MysqlSide, account: Login, error: unknown): Promise<Reason> {
  const { username } = await side.secrets.of(account.secretId);
  side.secrets.forget(account.secretId);
  return {
    code: 'login-not-refused-by-lock',
    text: `the lock of ${account.name} is not proven: ${connectionFailure(error, side.side, side.address, username).message}`,
    next: 'make the secret of the account its real credentials on this side',
  };
}

/** Before an account is closed in a way whose refusal looks like that of a wrong password. */
export async function whyCredentialsAreWrong(
  side: MysqlSide,
  account: Login,
  signal: AbortSignal,
): Promise<Reason | undefined> {
  const refusal = await refusalOf(side, account, 'cutover-credentials-probe', signal);
  return refusal === undefined ? undefined : unproven(side, account, refusal);
}

async function whyNotRefused(
  side: MysqlSide,
  account: Login,
  isClosedByRequirement: boolean,
  signal: AbortSignal,
): Promise<Reason | undefined> {
  const refusal = await refusalOf(side, account, 'cutover-fence-probe', signal);
  if (refusal === undefined)
    return {
      code: 'login-accepted',
      text: `${account.name} can still log in to the ${side.title}`,
      next: `ALTER USER '${account.name}' ACCOUNT LOCK`,
    };
  if (isRefusedByLock(refusal)) return undefined;
  // Recorded only after a login with these credentials: what is denied now is the missing certificate.
  if (isClosedByRequirement && serverError(refusal) === accessDenied) return undefined;
  return unproven(side, account, refusal);
}

const byRequirement = `SELECT account FROM cutover_local.fenced_account WHERE requirement IS NOT NULL`;

/**
 * Logs in as each write account with its real credentials, over connections of their own. Every answer but the lock's
 * own is a reason: a wrong password would be refused on an open side, too.
 */
export async function whyLoginIsNotRefused(side: MysqlSide, signal: AbortSignal): Promise<Reason | undefined> {
  const { write } = side.manifest.accounts;
  const accounts = await everyAccount(side, signal);
  const names = new Set(accounts.map(({ name }) => name));
  const ghost = write.find(({ name }) => !names.has(name));
  if (ghost)
    return {
      code: 'account-missing',
      text: `${ghost.name} does not exist on the ${side.title}`,
      setting: 'accounts.write',
    };
  const recorded = await side.reading.rowsIfMade(byRequirement, [], signal);
  const texts = new Set(recorded.map((row) => row['account']));
  const isClosedByRequirement = (name: string) => accounts.some((one) => one.name === name && texts.has(one.text));
  const reasons = await Promise.all(
    write.map((account) => whyNotRefused(side, account, isClosedByRequirement(account.name), signal)),
  );
  return reasons.find((reason) => reason !== undefined);
}
