import { escapeIdentifier as id, escapeLiteral } from 'pg';
import type { Account, DatabaseAccounts } from './accounts';
import { ownerOf } from './accounts';

export interface RoleOptions {
  readonly accounts: DatabaseAccounts;
  readonly majorVersion: number;
  /** The side that is not primary: its writing accounts are locked from the start. */
  readonly fenced: boolean;
}

/** Accounts and what they hold of the whole cluster; run once per side. */
export function createRoles({ accounts, majorVersion, fenced }: RoleOptions): string[] {
  const { runbook, replication, write, read } = accounts;
  const create = (account: Account, attributes: string): string =>
    `CREATE ROLE ${id(account.name)} ${attributes} PASSWORD ${escapeLiteral(account.password)}`;
  const statements = [
    create(runbook, 'LOGIN CREATEROLE REPLICATION'),
    create(replication, 'LOGIN REPLICATION'),
    ...write.map((account) => create(account, fenced ? 'NOLOGIN' : 'LOGIN')),
    ...read.map((account) => create(account, 'LOGIN')),
    `GRANT pg_read_all_data, pg_monitor, pg_signal_backend TO ${id(runbook.name)}`,
    `GRANT pg_read_all_data, pg_write_all_data TO ${id(replication.name)}`,
    // So that triggers and foreign keys stay quiet where DMS applies changes.
    `GRANT SET ON PARAMETER session_replication_role TO ${id(replication.name)}`,
  ];
  // Up to 15 CREATEROLE may alter any role; from 16 on only those that it administers (release notes 16, E.1.3.4).
  if (majorVersion >= 16) {
    const administered = [...write, ...read].map(({ name }) => id(name)).join(', ');
    if (administered !== '')
      statements.push(`GRANT ${administered} TO ${id(runbook.name)} WITH ADMIN TRUE, INHERIT FALSE`);
  }
  // ANALYZE of tables that it does not own, for fresh statistics after the load.
  if (majorVersion >= 17) statements.push(`GRANT pg_maintain TO ${id(runbook.name)}`);
  return statements;
}

/** What both sides grant in the application's database, once its objects exist. */
export function grantOnDatabase(database: string, accounts: DatabaseAccounts): string[] {
  const { runbook, replication, write, read } = accounts;
  const everyone = [...write, ...read].map(({ name }) => id(name)).join(', ');
  return [
    // Their own schemas: the control schemas, and awsdms_control.
    `GRANT CREATE ON DATABASE ${id(database)} TO ${id(runbook.name)}, ${id(replication.name)}`,
    ...(everyone === '' ? [] : [`GRANT CONNECT ON DATABASE ${id(database)} TO ${everyone}`]),
  ];
}

/** What they will hold of objects that the application's owner makes later. */
export function grantOnFuture(database: string, accounts: DatabaseAccounts): string[] {
  const { runbook, write, read } = accounts;
  const everyone = [...write, ...read].map(({ name }) => id(name)).join(', ');
  const writers = write.map(({ name }) => id(name)).join(', ');
  return [
    ...future(ownerOf(database), 'SELECT ON TABLES', everyone),
    ...future(ownerOf(database), 'INSERT, UPDATE, DELETE ON TABLES', writers),
    ...future(ownerOf(database), 'USAGE, SELECT ON SEQUENCES', writers),
    ...future(ownerOf(database), 'SELECT, UPDATE ON SEQUENCES', id(runbook.name)),
  ];
}

/** What the application's accounts hold in one schema: ordinary DML. */
export function grantOnSchema(schema: string, { write, read }: DatabaseAccounts): string[] {
  const everyone = [...write, ...read].map(({ name }) => id(name)).join(', ');
  const writers = write.map(({ name }) => id(name)).join(', ');
  const grant = (privileges: string, kind: string, grantees: string): string[] =>
    grantees === '' ? [] : [`GRANT ${privileges} ON ${kind} ${id(schema)} TO ${grantees}`];
  return [
    ...grant('USAGE', 'SCHEMA', everyone),
    ...grant('SELECT', 'ALL TABLES IN SCHEMA', everyone),
    ...grant('INSERT, UPDATE, DELETE', 'ALL TABLES IN SCHEMA', writers),
    ...grant('USAGE, SELECT', 'ALL SEQUENCES IN SCHEMA', writers),
  ];
}

/** What advancing sequences needs; reading them comes with pg_read_all_data. */
export function grantSequences(schema: string, { runbook }: DatabaseAccounts): string[] {
  return [
    `GRANT USAGE ON SCHEMA ${id(schema)} TO ${id(runbook.name)}`,
    `GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${id(schema)} TO ${id(runbook.name)}`,
  ];
}

function future(owner: string, privileges: string, grantees: string): string[] {
  if (grantees === '') return [];
  return [`ALTER DEFAULT PRIVILEGES FOR ROLE ${id(owner)} GRANT ${privileges} TO ${grantees}`];
}
