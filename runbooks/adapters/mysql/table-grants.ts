import { rowPrivileges, type TableGrant } from '../../ports/fitness';
import { everyAccount, readAccounts, writeAccounts } from './accounts';
import { grantedPrivileges, isOn } from './granted-privileges';
import { migratedTables } from './migrated-tables';
import type { MysqlSide } from './mysql-side';
import { accountText, quoted } from './names';

/** From any of its hosts. What is granted on single columns is no privilege on the table. */
export async function tableGrants(side: MysqlSide, signal: AbortSignal): Promise<TableGrant[]> {
  const [accounts, tables, privileges] = await Promise.all([
    everyAccount(side, signal),
    migratedTables(side, signal),
    grantedPrivileges(side, signal),
  ]);
  const declared = [...new Set([...writeAccounts(side), ...readAccounts(side)])];
  return declared.flatMap((account) => {
    const held = accounts
      .filter(({ name }) => name === account)
      .flatMap(({ name, host }) => privileges.of(name, host))
      .filter((privilege) => !privilege.ofColumn);
    return tables.map((table) => ({
      account,
      table: table.name,
      privileges: rowPrivileges.filter((name) => held.some((each) => each.name === name && isOn(each, table))),
    }));
  });
}

/** See the port. */
export async function missingGrants(
  side: MysqlSide,
  wanted: readonly TableGrant[],
  signal: AbortSignal,
): Promise<{ privilege: string; grant: string }[]> {
  const [accounts, standing, tables] = await Promise.all([
    everyAccount(side, signal),
    tableGrants(side, signal),
    migratedTables(side, signal),
  ]);
  return wanted.flatMap(({ account, table, privileges }) => {
    const here = tables.find(({ name }) => name === table);
    const hosts = accounts.filter(({ name }) => name === account);
    // A table or an account that is not there is told by others.
    if (!here || hosts.length === 0) return [];
    const held = standing.find((each) => each.account === account && each.table === table)?.privileges ?? [];
    const lacking = privileges.filter((name) => !held.includes(name)).join(', ');
    if (lacking === '') return [];
    const to = hosts.map(({ name, host }) => accountText(name, host)).join(', ');
    return [
      {
        privilege: `${account}: ${lacking} on ${table}`,
        grant: `GRANT ${lacking} ON ${quoted(here.schema)}.${quoted(here.table)} TO ${to}`,
      },
    ];
  });
}
