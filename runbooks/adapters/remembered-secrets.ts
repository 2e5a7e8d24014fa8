import type { Credentials } from './address';

/**
 * Credentials of the declared accounts, fetched once: under the fence every call to the outside costs pause, and may
 * fail. A secret that proved wrong is forgotten and asked for again.
 */
export class RememberedSecrets {
  private readonly fetch: (secretId: string) => Promise<Credentials>;
  private readonly known = new Map<string, Promise<Credentials>>();

  constructor(fetch: (secretId: string) => Promise<Credentials>) {
    this.fetch = fetch;
  }

  of(secretId: string): Promise<Credentials> {
    const known = this.known.get(secretId);
    if (known) return known;
    const fetched = this.fetch(secretId);
    this.known.set(secretId, fetched);
    fetched.catch(() => this.known.delete(secretId));
    return fetched;
  }

  forget(secretId: string): void {
    this.known.delete(secretId);
  }
}
