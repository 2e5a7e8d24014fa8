import { randomBytes } from 'node:crypto';

/** Passwords of one rehearsal: random, and therefore also what must never be found in any output. */
export class Credentials {
  private readonly passwords = new Map<string, string>();
  private readonly given: string[] = [];

  passwordOf(account: string): string {
    const known = this.passwords.get(account);
    if (known !== undefined) return known;
    // With a character of every kind, for servers that ask for them.
    const fresh = `${randomBytes(18).toString('base64url')}aA1!`;
    this.passwords.set(account, fresh);
    return fresh;
  }

  /** One that was given: nobody logs in by it here, and it must be found nowhere. */
  keep(password: string): void {
    this.given.push(password);
  }

  get all(): readonly string[] {
    return [...this.passwords.values(), ...this.given];
  }
}
