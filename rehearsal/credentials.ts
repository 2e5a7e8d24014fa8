import { randomBytes } from 'node:crypto';

/** Passwords of one rehearsal: random, and therefore also what must never be found in any output. */
export class Credentials {
  private readonly passwords = new Map<string, string>();

  passwordOf(account: string): string {
    const known = this.passwords.get(account);
    if (known !== undefined) return known;
    const fresh = randomBytes(18).toString('base64url');
    this.passwords.set(account, fresh);
    return fresh;
  }

  get all(): readonly string[] {
    return [...this.passwords.values()];
  }
}
