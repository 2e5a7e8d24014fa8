import { pause } from './clock';
import type { Account } from './configuration';
import type { LoginTurns } from './login-turns';
import type { Resolver } from './resolver';
import { Session } from './session';

export interface FollowerOptions {
  resolver: Resolver;
  turns: LoginTurns;
  /** The weighted record that this client follows. */
  record: string;
  port: number;
  database: string;
  account: Account;
  caCertificatePem: string;
  applicationName: string;
  /** Told of every vain attempt. */
  onRefused?: (error: unknown) => void;
}

const ASK_AGAIN_MILLISECONDS = 50;

/**
 * Connects to where the record points, as an application does: it asks DNS before every connection, and while logins are
 * refused it tries again soon. A new address is tried at once.
 */
export async function connect(options: FollowerOptions, signal: AbortSignal): Promise<Session | undefined> {
  const { resolver, record, turns, onRefused } = options;
  while (!signal.aborted) {
    const endpoint = await resolver.resolve(record).catch((error: unknown) => onRefused?.(error));
    if (endpoint && turns.take(endpoint.address)) {
      try {
        const session = await Session.open({ ...options, endpoint });
        turns.accepted(endpoint.address);
        return session;
      } catch (error) {
        turns.refused(endpoint.address);
        onRefused?.(error);
      }
    }
    await pause(ASK_AGAIN_MILLISECONDS, signal);
  }
  return undefined;
}
