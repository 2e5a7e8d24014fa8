import { tableSelector } from '../table-selector';
import { serverSchemas } from './control-databases';
import type { MysqlSide } from './mysql-side';
import { quoted } from './names';

export interface MigratedTable {
  /** The database. */
  readonly schema: string;
  readonly table: string;
  /** schema.table, as the catalogue has it. */
  readonly name: string;
  /** Safe to stand in SQL. */
  readonly quoted: string;
}

const query = `SELECT table_schema AS table_schema, table_name AS table_name, table_type AS table_type
  FROM information_schema.tables WHERE table_schema NOT IN (?) ORDER BY 1, 2`;

async function selected(side: MysqlSide, types: readonly string[], signal: AbortSignal): Promise<MigratedTable[]> {
  const selects = tableSelector(side.manifest, side.side);
  return (await side.reading.rows(query, [serverSchemas], signal))
    .filter((row) => types.includes(row['table_type'] ?? ''))
    .map((row) => ({ schema: row['table_schema'] as string, table: row['table_name'] as string }))
    .filter(({ schema, table }) => selects(schema, table))
    .map(({ schema, table }) => ({
      schema,
      table,
      name: `${schema}.${table}`,
      quoted: `${quoted(schema)}.${quoted(table)}`,
    }));
}

/** The migrated tables that exist, from the catalogue. */
export const migratedTables = (side: MysqlSide, signal: AbortSignal): Promise<MigratedTable[]> =>
  selected(side, ['BASE TABLE', 'SYSTEM VERSIONED'], signal);

/** MariaDB's sequences that the same patterns select by their own name. */
export const migratedSequences = (side: MysqlSide, signal: AbortSignal): Promise<MigratedTable[]> =>
  selected(side, ['SEQUENCE'], signal);
