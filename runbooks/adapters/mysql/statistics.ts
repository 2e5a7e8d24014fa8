import type { Effect } from '../../ports/effect';
import { migratedTables, type MigratedTable } from './migrated-tables';
import { effectOn } from '../database/side';
import type { MysqlSide } from './mysql-side';

/** InnoDB keeps them in a table; partitions stand there as `table#P#partition`, in either case. */
const kept = `SELECT database_name AS table_schema, table_name AS table_name, n_rows AS n_rows FROM mysql.innodb_table_stats`;

/**
 * Migrated InnoDB tables of which the server keeps no statistics, or those of an empty table although rows stand there:
 * it makes them by itself, but some time after a load.
 */
async function withoutStatistics(side: MysqlSide, signal: AbortSignal): Promise<MigratedTable[]> {
  const tables = await migratedTables(side, signal);
  const rows = new Map<string, number>();
  for (const row of await side.reading.rows(kept, [], signal)) {
    const name = `${row['table_schema']}.${(row['table_name'] ?? '').replace(/#p#.*$/i, '')}`;
    rows.set(name, (rows.get(name) ?? 0) + Number(row['n_rows']));
  }
  const ofInnodb = `SELECT table_schema AS table_schema, table_name AS table_name FROM information_schema.tables
    WHERE engine = 'InnoDB' AND table_schema IN (?)`;
  if (tables.length === 0) return [];
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  const found = await side.reading.rows(ofInnodb, [schemas], signal);
  const innodb = new Set(found.map((row) => `${row['table_schema']}.${row['table_name']}`));
  const lacking: MigratedTable[] = [];
  for (const table of tables) {
    if (!innodb.has(table.name)) continue;
    if ((rows.get(table.name) ?? 0) > 0) continue;
    const [row] = await side.reading.rows(`SELECT 1 AS found FROM ${table.quoted} LIMIT 1`, [], signal);
    if (row) lacking.push(table);
  }
  return lacking;
}

export const tablesWithoutStatistics = async (side: MysqlSide, signal: AbortSignal): Promise<string[]> =>
  (await withoutStatistics(side, signal)).map(({ name }) => name);

/** Statistics do not travel through replication; nor does the statement that makes them, into the binlog. */
export function analyse(side: MysqlSide): Effect {
  return effectOn(side, 'analyse', {
    touches: `optimizer statistics of the migrated tables on the ${side.title}`,
    act: async (effects, signal) => {
      for (const { quoted } of await migratedTables(side, signal))
        await effects.statements(signal, (statement) => statement(`ANALYZE NO_WRITE_TO_BINLOG TABLE ${quoted}`));
    },
    verify: async (signal) => (await withoutStatistics(side, signal)).length === 0,
  });
}
