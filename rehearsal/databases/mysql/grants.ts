import { escape, escapeId } from 'mysql2';
import type { MysqlEngine } from '../../engines/mysql';
import type { Account, DatabaseAccounts } from '../accounts';

export interface MysqlRoleOptions {
  readonly server: Pick<MysqlEngine, 'product' | 'version'>;
  readonly database: string;
  readonly accounts: DatabaseAccounts;
  /** The side that is not primary: its writing accounts are locked from the start. */
  readonly fenced: boolean;
}

/** Databases that the runbooks and DMS make for themselves. */
const controlDatabases = ['cutover_local', 'cutover_flow'];
const dmsDatabase = 'awsdms_control';

/** Accounts and what they hold of the whole server and of databases; a grant need not find its database there. */
export function mysqlAccounts({ server, database, accounts, fenced }: MysqlRoleOptions): string[] {
  const { runbook, replication, write, read } = accounts;
  const create = (account: Account, lock: string): string =>
    `CREATE USER ${user(account)} IDENTIFIED BY ${escape(account.password)} ${lock}`;
  const grant = (privileges: string, on: string, to: Account): string => `GRANT ${privileges} ON ${on} TO ${user(to)}`;
  const all = (name: string): string => `${escapeId(name)}.*`;
  return [
    create(runbook, ''),
    create(replication, ''),
    ...write.map((account) => create(account, fenced ? 'ACCOUNT LOCK' : '')),
    ...read.map((account) => create(account, '')),
    // What happens on the server, who logs in, and where its binlog stands; triggers and foreign keys are seen.
    grant('SELECT, PROCESS, CREATE USER, TRIGGER, EVENT, REPLICATION CLIENT, REPLICATION SLAVE', '*.*', runbook),
    ...administrativePrivileges(server).map((privilege) => grant(privilege, '*.*', runbook)),
    // Sequences are advanced by it.
    ...[database, 'rehearsal_ledger'].map((name) => grant('ALTER', all(name), runbook)),
    // It lets the application's accounts prove that they can write.
    ...controlDatabases.map((name) => `${grant('ALL PRIVILEGES', all(name), runbook)} WITH GRANT OPTION`),
    grant('REPLICATION SLAVE, REPLICATION CLIENT', '*.*', replication),
    ...[database, 'rehearsal_ledger', 'cutover_flow'].map((name) => grant(data, all(name), replication)),
    grant(`${data}, CREATE, ALTER, DROP, INDEX`, all(dmsDatabase), replication),
    ...write.flatMap((account) => [grant(`${data}, EXECUTE`, all(database), account)]),
    ...read.map((account) => grant('SELECT', all(database), account)),
  ];
}

const data = 'SELECT, INSERT, UPDATE, DELETE';

/** `'name'@'%'`. */
export const user = ({ name }: { readonly name: string }): string => `${escape(name)}@'%'`;

/**
 * Ending sessions of others: MariaDB has the privilege since 10.5.2, MySQL since 8.0; before, SUPER alone may, for which RDS
 * has the procedure mysql.rds_kill. Seeing prepared transactions wants a privilege of its own in MySQL 8.
 */
export function administrativePrivileges({ product, version }: Pick<MysqlEngine, 'product' | 'version'>): string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (product === 'mysql') return major >= 8 ? ['CONNECTION_ADMIN', 'XA_RECOVER_ADMIN'] : ['SUPER'];
  return major > 10 || minor >= 5 ? ['CONNECTION ADMIN'] : ['SUPER'];
}
