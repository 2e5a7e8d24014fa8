import type { AccountFault } from '../../ports/fitness';
import { everyAccount, readAccounts, writeAccounts, type Account } from './accounts';
import { definersRights } from './definers-rights';
import { granteeOf, grantedPrivileges, isOn, type Privilege } from './granted-privileges';
import { migratedTables, type MigratedTable } from './migrated-tables';
import type { MysqlSide } from './mysql-side';

/** Privileges of the whole server that let an account pass the fence or open it, or write what nobody would replicate. */
const mighty: ReadonlyMap<string, string> = new Map([
  ['SUPER', 'has SUPER: no fence holds it'],
  ['CREATE USER', 'has CREATE USER: it could unlock accounts'],
  ['CONNECTION ADMIN', 'has CONNECTION ADMIN'],
  ['CONNECTION_ADMIN', 'has CONNECTION_ADMIN'],
  ['BINLOG ADMIN', 'has BINLOG ADMIN: what it writes may stand in no binlog (sql_log_bin)'],
  ['SESSION_VARIABLES_ADMIN', 'has SESSION_VARIABLES_ADMIN: what it writes may stand in no binlog (sql_log_bin)'],
  ['SYSTEM_VARIABLES_ADMIN', 'has SYSTEM_VARIABLES_ADMIN: what it writes may stand in no binlog (sql_log_bin)'],
  ['REPLICATION SLAVE ADMIN', 'has REPLICATION SLAVE ADMIN: it could let another server write here'],
  ['REPLICATION_SLAVE_ADMIN', 'has REPLICATION_SLAVE_ADMIN: it could let another server write here'],
]);

/** What changes rows, or the tables that hold them. */
const writing = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'ALTER',
  'INDEX',
  'TRIGGER',
  'EVENT',
  'DELETE HISTORY',
]);

/** One column may be granted, a table or a database: REVOKE names the same thing. */
const objectOf = ({ schema, table }: Privilege): string =>
  schema === undefined ? '*.*' : `\`${schema}\`.${table === undefined ? '*' : `\`${table}\``}`;

const shown = (tables: readonly MigratedTable[]): string =>
  `${tables[0]?.name}${tables.length > 1 ? ` and ${tables.length - 1} more migrated tables` : ''}`;

function writingFault(account: Account, held: readonly Privilege[], tables: readonly MigratedTable[]): AccountFault[] {
  const writes = held.filter(({ name }) => writing.has(name));
  const reached = tables.filter((table) => writes.some((privilege) => isOn(privilege, table)));
  const first = writes.find((privilege) => reached.some((table) => isOn(privilege, table)));
  if (!first) return [];
  const own = granteeOf(account.name, account.host);
  const same = writes.filter((one) => one.grantee === first.grantee && objectOf(one) === objectOf(first));
  const words = [...new Set(same.map(({ name }) => name))].join(', ');
  const grantee = first.grantee === own ? account.text : first.grantee.replace(/@''$/, '');
  return [
    {
      account: account.text,
      fault: `may write ${shown(reached)}${first.grantee === own ? '' : ` as ${grantee}`}`,
      repair: `REVOKE ${words} ON ${objectOf(first)} FROM ${grantee}`,
    },
  ];
}

/** Why a declared account is not what it is declared to be. An owner, as PostgreSQL has, is nobody here. */
export async function accountFaults(side: MysqlSide, signal: AbortSignal): Promise<AccountFault[]> {
  const [accounts, tables, privileges] = await Promise.all([
    everyAccount(side, signal),
    migratedTables(side, signal),
    grantedPrivileges(side, signal),
  ]);
  const borrowed = await definersRights(side, tables, signal);
  const write = new Set(writeAccounts(side));
  const read = new Set(readAccounts(side).filter((name) => !write.has(name)));
  return accounts.flatMap((account): AccountFault[] => {
    if (!write.has(account.name) && !read.has(account.name)) return [];
    const held = privileges.of(account.name, account.host);
    const faults = held.flatMap(({ name, schema, grantee }): AccountFault[] => {
      const fault = schema === undefined ? mighty.get(name) : undefined;
      const from = grantee === granteeOf(account.name, account.host) ? account.text : grantee.replace(/@''$/, '');
      return fault === undefined
        ? []
        : [{ account: account.text, fault, repair: `REVOKE ${name} ON *.* FROM ${from}` }];
    });
    if (!read.has(account.name)) return faults;
    return [...faults, ...writingFault(account, held, tables), ...borrowed.faultsOf(account, held)];
  });
}
