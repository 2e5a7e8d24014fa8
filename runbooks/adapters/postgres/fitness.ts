import { conversionTriggers, standingTriggers } from '../../../definition/replication/conversion-triggers';
import type { Fitness } from '../../ports/fitness';
import { accountFaults } from './account-faults';
import { outsiderSessions, outsiderValues, unlockedOutsiders, writeAccounts, readAccounts } from './accounts';
import { dmsTable } from './dms-table';
import { migratedTables } from './migrated-tables';
import { missingPrivileges } from './missing-privileges';
import type { PostgresSide } from './postgres-side';
import { settingFaults } from './setting-faults';
import { missingGrants, tableGrants } from './table-grants';

const oids = async (side: PostgresSide, signal: AbortSignal) =>
  (await migratedTables(side, signal)).map((table) => table.oid);

/** Migrated tables whose planner statistics were never made here. A partitioned table's own are those of its parts. */
export async function tablesWithoutStatistics(side: PostgresSide, signal: AbortSignal): Promise<string[]> {
  const tables = (await migratedTables(side, signal)).filter((table) => !table.isPartitioned);
  const rows = await side.reading.rows(
    `SELECT format('%I.%I', schemaname, relname) AS table FROM pg_stat_all_tables
      WHERE relid = ANY ($1::oid[]) AND last_analyze IS NULL AND last_autoanalyze IS NULL ORDER BY 1`,
    [tables.map((table) => table.oid)],
    signal,
  );
  return rows.map((row) => row['table'] as string);
}

/** They must fire for replicated rows: replication brings a column, they make the converted one of it. */
async function conversionTriggerOids(side: PostgresSide, signal: AbortSignal): Promise<string[]> {
  if (side.side !== 'target') return [];
  const { sql, values } = standingTriggers(conversionTriggers(side.manifest.tables.transformations ?? []));
  return (await side.reading.rows(sql, values, signal)).map((row) => row['oid'] as string);
}

export function fitness(side: PostgresSide): Fitness {
  const { reading } = side;

  return {
    side: side.side,
    exceptionRows: async (signal) => {
      const table = await dmsTable(side, 'awsdms_apply_exceptions', signal);
      if (!table) return 0;
      const [row] = await reading.rows(`SELECT count(*)::text AS count FROM ${table}`, [], signal);
      return Number(row?.['count']);
    },
    suspendedTables: async (signal) => {
      const table = await dmsTable(side, 'awsdms_suspended_tables', signal);
      if (!table) return [];
      const rows = await reading.rows(
        `SELECT DISTINCT t.row ->> 'table_owner' AS owner, t.row ->> 'table_name' AS name
           FROM (SELECT (SELECT jsonb_object_agg(lower(key), value) FROM jsonb_each(to_jsonb(s))) AS row FROM ${table} s) t
          ORDER BY 1, 2`,
        [],
        signal,
      );
      return rows.map((row) => `${row['owner']}.${row['name']}`);
    },
    undeclaredAccounts: async (signal) => {
      const declared = new Set([...writeAccounts(side), ...readAccounts(side)]);
      const rows = await reading.rows(unlockedOutsiders, outsiderValues(side), signal);
      return rows.map((row) => row['account'] as string).filter((name) => !declared.has(name));
    },
    undeclaredSessions: async (signal) => {
      const declared = new Set([...writeAccounts(side), ...readAccounts(side)]);
      const rows = await reading.rows(outsiderSessions, outsiderValues(side), signal);
      const counts = new Map<string, number>();
      for (const row of rows) {
        const account = row['account'] as string;
        if (!declared.has(account)) counts.set(account, (counts.get(account) ?? 0) + 1);
      }
      return [...counts].map(([account, count]) => ({ account, count }));
    },
    accountFaults: (signal) => accountFaults(side, signal),
    missingPrivileges: (signal) => missingPrivileges(side, signal),
    tableGrants: (signal) => tableGrants(side, signal),
    missingGrants: (wanted, signal) => missingGrants(side, wanted, signal),
    settingFaults: (signal) => settingFaults(side, signal),
    tablesWithoutKey: async (signal) => {
      const rows = await reading.rows(
        `SELECT format('%I.%I', n.nspname, c.relname) AS table
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid = ANY ($1::oid[]) AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
          ORDER BY 1`,
        [await oids(side, signal)],
        signal,
      );
      return rows.map((row) => row['table'] as string);
    },
    firingTriggers: async (signal) => {
      const rows = await reading.rows(
        `SELECT format('%I on %s', t.tgname, t.tgrelid::regclass) AS what FROM pg_trigger t
          WHERE t.tgrelid = ANY ($1::oid[]) AND NOT t.tgisinternal AND t.tgenabled IN ('A', 'R') AND NOT t.oid = ANY ($2::oid[])
         UNION ALL
         SELECT format('rule %I on %s', r.rulename, r.ev_class::regclass) FROM pg_rewrite r
          WHERE r.ev_class = ANY ($1::oid[]) AND r.ev_type <> '1' AND r.ev_enabled IN ('A', 'R')
          ORDER BY 1`,
        [await oids(side, signal), await conversionTriggerOids(side, signal)],
        signal,
      );
      return rows.map((row) => row['what'] as string);
    },
    tablesWithoutStatistics: (signal) => tablesWithoutStatistics(side, signal),
  };
}
