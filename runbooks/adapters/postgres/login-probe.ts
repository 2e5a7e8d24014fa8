import type { Reason } from '../../ports/reason';
import { loginConfig } from './client-config';
import { connectionFailure } from './connection-failure';
import { openClient } from './open-client';
import type { PostgresSide } from './postgres-side';
import { messageOf, sqlState } from './sql-error';

/** The one answer that proves a lock: PostgreSQL's InitializeSessionUserId, after the password was accepted. */
export const isRefusedByLock = (error: unknown): boolean =>
  sqlState(error) === '28000' &&
  (messageOf(error).includes('is not permitted to log in') ||
    // The text follows lc_messages of the server, the name of the C function does not.
    (error as { routine?: string }).routine === 'InitializeSessionUserId');

async function whyNotRefused(
  side: PostgresSide,
  account: { name: string; secretId: string },
  signal: AbortSignal,
): Promise<Reason | undefined> {
  const credentials = await side.secrets.of(account.secretId);
  try {
    const client = await openClient(loginConfig(side.address, credentials, 'cutover-fence-probe'), signal);
    await client.end();
  } catch (error) {
    if (signal.aborted) throw error;
    if (isRefusedByLock(error)) return undefined;
    side.secrets.forget(account.secretId);
    return {
      code: 'login-not-refused-by-lock',
      text: `the lock of ${account.name} is not proven: ${connectionFailure(error, side.side, side.address, credentials.username).message}`,
      next: 'make the secret of the account its real credentials on this side',
    };
  }
  return {
    code: 'login-accepted',
    text: `${account.name} can still log in to the ${side.title}`,
    next: `ALTER ROLE ${account.name} NOLOGIN`,
  };
}

/**
 * Logs in as each write account with its real credentials, over connections of their own. Every answer but the lock's
 * own is a reason: a wrong password would be refused on an open side, too.
 */
export async function whyLoginIsNotRefused(side: PostgresSide, signal: AbortSignal): Promise<Reason | undefined> {
  const { write } = side.manifest.accounts;
  const existing = await side.reading.rows(
    'SELECT rolname AS account FROM pg_roles WHERE rolname = ANY ($1::text[])',
    [write.map(({ name }) => name)],
    signal,
  );
  const names = new Set(existing.map((row) => row['account']));
  // "Role does not exist" comes from the same place in the server as the lock's refusal.
  const ghost = write.find(({ name }) => !names.has(name));
  if (ghost)
    return {
      code: 'account-missing',
      text: `${ghost.name} does not exist on the ${side.title}`,
      setting: 'accounts.write',
    };
  const reasons = await Promise.all(write.map((account) => whyNotRefused(side, account, signal)));
  return reasons.find((reason) => reason !== undefined);
}
