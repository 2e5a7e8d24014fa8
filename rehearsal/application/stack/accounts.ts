import type { ApplicationConfiguration } from '../configuration';
import type { ApplicationSession } from '../engine/application-session';
import { openApplicationSession } from '../engine/open-session';
import { AccountPool, NotReady } from './account-pool';

/** The pools of a stack: its writing accounts take turns, and so do its reading ones. */
export class Accounts {
  private readonly write: Map<string, AccountPool>;
  private readonly read: Map<string, AccountPool>;
  private turns = 0;

  constructor({ name, side, database, accounts, connectionsPerAccount }: ApplicationConfiguration) {
    const pools = (each: ApplicationConfiguration['accounts']['write']) =>
      new Map(
        each.map((account) => {
          const open = () => openApplicationSession(database, { side, account, applicationName: `rehearsal ${name}` });
          return [account.username, new AccountPool(open, connectionsPerAccount)];
        }),
      );
    this.write = pools(accounts.write);
    this.read = pools(accounts.read);
  }

  writing<T>(use: (session: ApplicationSession) => Promise<T>): Promise<T> {
    return this.next(this.write, use);
  }

  /** Without accounts of its own for reading the application reads as it writes. */
  reading<T>(use: (session: ApplicationSession) => Promise<T>): Promise<T> {
    return this.next(this.read.size > 0 ? this.read : this.write, use);
  }

  /** Why no writing account can be used; undefined while each can. */
  get notReady(): string | undefined {
    const refused = [...this.write].filter(([, pool]) => pool.reason !== undefined);
    return refused.length === 0 ? undefined : refused.map(([name, pool]) => `${name}: ${pool.reason}`).join('; ');
  }

  get sessions(): Record<string, number> {
    return Object.fromEntries([...this.write, ...this.read].map(([name, pool]) => [name, pool.sessions]));
  }

  async tried(): Promise<void> {
    await Promise.all([...this.write.values(), ...this.read.values()].map((pool) => pool.tried()));
  }

  close(): void {
    for (const pool of [...this.write.values(), ...this.read.values()]) pool.close();
  }

  private async next<T>(pools: Map<string, AccountPool>, use: (session: ApplicationSession) => Promise<T>): Promise<T> {
    const all = [...pools];
    const [name, pool] = all[(this.turns = (this.turns + 1) % all.length)] ?? [];
    if (pool === undefined) throw new NotReady('no account');
    return pool.with(use).catch((error: unknown) => {
      throw error instanceof NotReady ? new NotReady(`${name}: ${error.message}`, { cause: error }) : error;
    });
  }
}
