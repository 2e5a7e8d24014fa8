import { epochMilliseconds, pause } from './clock';
import type { Account } from './configuration';
import type { Resolver } from './resolver';
import { Session } from './session';

export interface FollowerOptions {
  resolver: Resolver;
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

const ASK_AGAIN_MILLISECONDS = 30;
const FIRST_RETRY_MILLISECONDS = 50;
const LONGEST_RETRY_MILLISECONDS = 150;

/**
 * Connects to where the record points, as an application does: it asks DNS before every connection and, while logins are
 * refused, tries again soon. A new address is tried at once; at the one that refused, logins wait a little longer each
 * time, since a refused login costs both ends a TLS handshake and a key derivation.
 */
export async function connect(options: FollowerOptions, signal: AbortSignal): Promise<Session | undefined> {
  let refusedBy = '';
  let nextLogin = 0;
  let wait = FIRST_RETRY_MILLISECONDS;
  while (!signal.aborted) {
    const endpoint = await options.resolver
      .resolve(options.record)
      .catch((error: unknown) => options.onRefused?.(error));
    if (endpoint && (endpoint.address !== refusedBy || epochMilliseconds() >= nextLogin)) {
      if (endpoint.address !== refusedBy) wait = FIRST_RETRY_MILLISECONDS;
      try {
        return await Session.open({ ...options, endpoint });
      } catch (error) {
        options.onRefused?.(error);
        refusedBy = endpoint.address;
        nextLogin = epochMilliseconds() + wait;
        wait = Math.min(wait * 1.3, LONGEST_RETRY_MILLISECONDS);
      }
    }
    await pause(ASK_AGAIN_MILLISECONDS, signal);
  }
  return undefined;
}
