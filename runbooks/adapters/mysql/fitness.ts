import type { Fitness } from '../../ports/fitness';
import { accountFaults } from './account-faults';
import { openOutsiders, readAccounts, writeAccounts } from './accounts';
import { dmsTable } from './dms-table';
import { migratedTables } from './migrated-tables';
import { missingPrivileges } from './missing-privileges';
import type { MysqlSide } from './mysql-side';
import { isEvent, outsiderProcesses } from './processes';
import { settingFaults } from './setting-faults';
import { missingGrants, tableGrants } from './table-grants';
import { tablesWithoutStatistics } from './statistics';
import { firingTriggers } from './triggers';

const keyed = `SELECT DISTINCT table_schema AS table_schema, table_name AS table_name FROM information_schema.statistics
  WHERE index_name = 'PRIMARY'`;

export function fitness(side: MysqlSide): Fitness {
  const { reading } = side;
  const declared = new Set([...writeAccounts(side), ...readAccounts(side)]);

  return {
    side: side.side,
    exceptionRows: async (signal) => {
      const table = await dmsTable(side, 'awsdms_apply_exceptions', signal);
      if (!table) return 0;
      const [row] = await reading.rows(`SELECT COUNT(*) AS count FROM ${table}`, [], signal);
      return Number(row?.['count']);
    },
    suspendedTables: async (signal) => {
      const table = await dmsTable(side, 'awsdms_suspended_tables', signal);
      if (!table) return [];
      // Names of columns are the same in either case here.
      const query = `SELECT DISTINCT table_owner AS owner, table_name AS name FROM ${table} ORDER BY 1, 2`;
      return (await reading.rows(query, [], signal)).map((row) => `${row['owner']}.${row['name']}`);
    },
    undeclaredAccounts: async (signal) => [
      ...new Set((await openOutsiders(side, signal)).map(({ name }) => name).filter((name) => !declared.has(name))),
    ],
    undeclaredSessions: async (signal) => {
      const counts = new Map<string, number>();
      const { outsiders } = await outsiderProcesses(side, signal);
      // A fence ends what the server runs by itself, and starts it again: nobody has to be declared for it.
      for (const { account } of outsiders.filter((one) => !isEvent(one)))
        if (!declared.has(account)) counts.set(account, (counts.get(account) ?? 0) + 1);
      return [...counts].map(([account, count]) => ({ account, count }));
    },
    accountFaults: (signal) => accountFaults(side, signal),
    missingPrivileges: (signal) => missingPrivileges(side, signal),
    tableGrants: (signal) => tableGrants(side, signal),
    missingGrants: (wanted, signal) => missingGrants(side, wanted, signal),
    settingFaults: (signal) => settingFaults(side, signal),
    tablesWithoutKey: async (signal) => {
      const found = await reading.rows(keyed, [], signal);
      const withKey = new Set(found.map((row) => `${row['table_schema']}.${row['table_name']}`));
      return (await migratedTables(side, signal)).map(({ name }) => name).filter((name) => !withKey.has(name));
    },
    firingTriggers: (signal) => firingTriggers(side, signal),
    tablesWithoutStatistics: (signal) => tablesWithoutStatistics(side, signal),
  };
}
