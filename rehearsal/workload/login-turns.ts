import { epochMilliseconds } from './clock';

const EVERY_MILLISECONDS = 40;

/**
 * Lets the clients of this process take turns at an address that refuses logins, as one connection pool would: one
 * attempt at a time, and all of them as soon as one got in. A refused login costs both ends a TLS handshake and a key
 * derivation (about 8 ms of a core together), and a dozen clients that each insist would slow down the very switch that
 * they wait for.
 */
export class LoginTurns {
  private readonly nextTry = new Map<string, number>();

  /** Whether to try now; the answer "yes" takes the turn. */
  take(address: string): boolean {
    const next = this.nextTry.get(address);
    if (next === undefined) return true;
    const now = epochMilliseconds();
    if (now < next) return false;
    this.nextTry.set(address, now + EVERY_MILLISECONDS);
    return true;
  }

  refused(address: string): void {
    this.nextTry.set(address, epochMilliseconds() + EVERY_MILLISECONDS);
  }

  accepted(address: string): void {
    this.nextTry.delete(address);
  }
}
