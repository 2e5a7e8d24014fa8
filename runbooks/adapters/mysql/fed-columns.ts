import { renamingOf } from '../../../definition/replication/renaming';
import { migratedTables, type MigratedTable } from './migrated-tables';
import type { MysqlSide } from './mysql-side';
import { quoted } from './names';

export interface FedColumn {
  readonly table: MigratedTable;
  readonly column: string;
  /** Safe to stand in SQL. */
  readonly quotedColumn: string;
  /** schema.table.column in the source's names. */
  readonly nameOnSource: string;
  /** The last value that the column can hold; text of an integer. */
  readonly maximum: string;
  readonly isInteger: boolean;
  /** Of a column with a default that draws from a MariaDB sequence: that default. Absent: the column counts by itself. */
  readonly draws?: string;
}

const query = `SELECT table_schema AS table_schema, table_name AS table_name, column_name AS column_name,
    data_type AS data_type, column_type AS column_type, extra AS extra, column_default AS column_default
  FROM information_schema.columns
  WHERE table_schema IN (?) AND (extra LIKE '%auto_increment%' OR column_default LIKE '%nextval(%') ORDER BY 1, 2, 3`;

const bits: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, mediumint: 24, int: 32, bigint: 64 };

/** The counter of a full `bigint unsigned` cannot be read any more: the last value but one is its end. */
function maximumOf(type: string, isUnsigned: boolean): string {
  const width = bits[type];
  // Whole numbers that a float or double holds exactly; such counters are deprecated (MySQL 8.4 manual, 13.1.6).
  if (width === undefined) return String(2n ** (type === 'float' ? 24n : 53n));
  if (!isUnsigned) return String(2n ** BigInt(width - 1) - 1n);
  return String(2n ** BigInt(width) - (width === 64 ? 2n : 1n));
}

/** Columns of the migrated tables that the server itself fills with new keys. */
export async function fedColumns(side: MysqlSide, signal: AbortSignal): Promise<FedColumn[]> {
  const tables = new Map((await migratedTables(side, signal)).map((table) => [table.name, table]));
  if (tables.size === 0) return [];
  const renaming = renamingOf(side.manifest.tables.transformations ?? [], false);
  const onSource = (table: string, column: string) =>
    side.side === 'source' ? `${table}.${column}` : `${renaming.table(table)}.${renaming.column(table, column)}`;
  const schemas = [...new Set([...tables.values()].map(({ schema }) => schema))];
  return (await side.reading.rows(query, [schemas], signal)).flatMap((row): FedColumn[] => {
    const table = tables.get(`${row['table_schema']}.${row['table_name']}`);
    if (!table) return [];
    const column = row['column_name'] as string;
    const type = row['data_type'] as string;
    const counts = (row['extra'] ?? '').includes('auto_increment');
    return [
      {
        table,
        column,
        quotedColumn: quoted(column),
        nameOnSource: onSource(table.name, column),
        maximum: maximumOf(type, (row['column_type'] ?? '').includes('unsigned')),
        isInteger: bits[type] !== undefined,
        ...(counts ? {} : { draws: row['column_default'] as string }),
      },
    ];
  });
}
