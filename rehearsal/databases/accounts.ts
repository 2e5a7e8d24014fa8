export interface Account {
  readonly name: string;
  readonly password: string;
}

/** The accounts of a migration, on both sides with the same grants. */
export interface DatabaseAccounts {
  /** Runs the procedures. Not a superuser. */
  readonly runbook: Account;
  /** What the replication tasks connect as. Not a superuser, and owner of nothing. */
  readonly replication: Account;
  /** The application's accounts that write. */
  readonly write: readonly Account[];
  /** The application's accounts that only read. */
  readonly read: readonly Account[];
}

/** The role without login that owns the application's objects. */
export function ownerOf(database: string): string {
  return `${database}_owner`;
}
