import type { SideName } from '../../definition/manifest/sections';

export interface AccountFault {
  readonly account: string;
  /** What is wrong, as a sentence whose subject is the account. */
  readonly fault: string;
  /** The statement that mends it. */
  readonly repair: string;
}

/** What is done with rows; all else that can be granted on a table is the engine's own. */
export const rowPrivileges = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;
export type RowPrivilege = (typeof rowPrivileges)[number];

/** What a declared account may do with a migrated table, or a view or routine beside it, by whatever grant or role. */
export interface Grant {
  readonly account: string;
  readonly kind: 'table' | 'view' | 'routine';
  /** schema.name, by the names of the side that is asked; routines of one name are one. */
  readonly object: string;
  readonly privileges: readonly (RowPrivilege | 'EXECUTE')[];
  /** Granted on these columns and not on the whole. */
  readonly columns?: readonly ColumnGrant[];
}

export interface ColumnGrant {
  readonly privilege: RowPrivilege;
  readonly names: readonly string[];
}

/** What one side's catalogue and settings say about its fitness for the migration. Reads only. */
export interface Fitness {
  readonly side: SideName;
  /** Rows in awsdms_apply_exceptions of the side that a task writes to; 0 when the table does not exist. */
  exceptionRows(signal: AbortSignal): Promise<number>;
  /** Tables that DMS suspended, from awsdms_suspended_tables. */
  suspendedTables(signal: AbortSignal): Promise<string[]>;
  /** Login accounts outside declaration and allow-list, whether or not they are connected. */
  undeclaredAccounts(signal: AbortSignal): Promise<string[]>;
  /** Sessions of accounts outside declaration and allow-list, also of those that could not log in any more. */
  undeclaredSessions(signal: AbortSignal): Promise<{ account: string; count: number }[]>;
  /** Declared application accounts that are superuser, own a migrated table, or (for read accounts) may write; why. */
  accountFaults(signal: AbortSignal): Promise<AccountFault[]>;
  /** What the runbook's own account cannot do here, each with the statement that would grant it. */
  missingPrivileges(signal: AbortSignal): Promise<{ privilege: string; grant: string }[]>;
  /** Of every declared account, and of every migrated table and what stands in the same schemas. */
  tableGrants(signal: AbortSignal): Promise<Grant[]>;
  /** What of `wanted` is not granted here, each with the statement that would grant it. */
  missingGrants(wanted: readonly Grant[], signal: AbortSignal): Promise<{ privilege: string; grant: string }[]>;
  /** Settings that replication out of this side needs and their present value where it is not enough. */
  settingFaults(signal: AbortSignal): Promise<{ setting: string; value: string; needed: string }[]>;
  /** Migrated tables without a primary key. */
  tablesWithoutKey(signal: AbortSignal): Promise<string[]>;
  /** Triggers and rules that would fire while replication applies (ALWAYS or REPLICA ones). */
  firingTriggers(signal: AbortSignal): Promise<string[]>;
  /** Refreshes the planner's statistics? No: reports migrated tables that were never analysed here. */
  tablesWithoutStatistics(signal: AbortSignal): Promise<string[]>;
}
