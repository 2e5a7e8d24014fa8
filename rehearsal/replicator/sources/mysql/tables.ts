import type { Connection, RowDataPacket } from 'mysql2/promise';
import { nameOf, type TableName } from '../../row-change';
import type { SourceColumn } from './columns';

/** A base table of the source. */
export interface MysqlTable {
  readonly name: TableName;
  readonly columns: readonly SourceColumn[];
  /** The primary key, else the first unique key without NULLs; empty when there is neither. */
  readonly keyColumns: readonly string[];
}

/** The server's own databases. */
export const systemSchemas = ['mysql', 'information_schema', 'performance_schema', 'sys'];

/** Columns of base tables: of all that are not the server's own, or of one. */
const columnsQuery = (one: boolean): string =>
  `SELECT c.TABLE_SCHEMA AS tableSchema, c.TABLE_NAME AS tableName, c.COLUMN_NAME AS name, c.DATA_TYPE AS dataType,
          c.COLUMN_TYPE AS columnType, c.CHARACTER_SET_NAME AS charset,
          COALESCE(c.GENERATION_EXPRESSION, '') <> '' AS \`generated\`
     FROM information_schema.COLUMNS c
     JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
    WHERE t.TABLE_TYPE = 'BASE TABLE' AND ${one ? 'c.TABLE_SCHEMA = ? AND c.TABLE_NAME = ?' : `c.TABLE_SCHEMA NOT IN (?)`}
    ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION`;

/** Unique keys that identify a row; a key over the beginning of a text does not. */
const keysQuery = (one: boolean): string =>
  `SELECT TABLE_SCHEMA AS tableSchema, TABLE_NAME AS tableName, INDEX_NAME AS keyName, COLUMN_NAME AS columnName,
          NULLABLE = 'YES' OR SUB_PART IS NOT NULL OR COLUMN_NAME IS NULL AS unfit
     FROM information_schema.STATISTICS
    WHERE NON_UNIQUE = 0 AND ${one ? 'TABLE_SCHEMA = ? AND TABLE_NAME = ?' : `TABLE_SCHEMA NOT IN (?)`}
    ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX`;

interface ColumnRow extends RowDataPacket, Omit<SourceColumn, 'generated'> {
  tableSchema: string;
  tableName: string;
  generated: number;
}
interface KeyRow extends RowDataPacket {
  tableSchema: string;
  tableName: string;
  keyName: string;
  columnName: string | null;
  unfit: number;
}

/** The source's tables by `schema.table`; only the one that is named, where one is. */
export async function readTables(session: Connection, only?: TableName): Promise<Map<string, MysqlTable>> {
  const values = only ? [only.schema, only.table] : [systemSchemas];
  const [columns] = await session.query<ColumnRow[]>(columnsQuery(only !== undefined), values);
  const [keys] = await session.query<KeyRow[]>(keysQuery(only !== undefined), values);
  const tables = new Map<string, MysqlTable>();
  for (const [name, rows] of byTable(columns)) {
    tables.set(name, { name: tableOf(rows[0] as ColumnRow), columns: rows.map(columnOf), keyColumns: [] });
  }
  for (const [name, rows] of byTable(keys)) {
    const table = tables.get(name);
    if (table) tables.set(name, { ...table, keyColumns: firstKey(rows) });
  }
  return tables;
}

function byTable<T extends { tableSchema: string; tableName: string }>(rows: readonly T[]): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const row of rows) {
    const name = nameOf(tableOf(row));
    const known = grouped.get(name);
    if (known) known.push(row);
    else grouped.set(name, [row]);
  }
  return grouped;
}

const tableOf = (row: { tableSchema: string; tableName: string }): TableName => ({
  schema: row.tableSchema,
  table: row.tableName,
});

const columnOf = ({ name, dataType, columnType, charset, generated }: ColumnRow): SourceColumn => ({
  name,
  dataType: dataType.toLowerCase(),
  columnType,
  charset,
  generated: Number(generated) === 1,
});

function firstKey(rows: readonly KeyRow[]): string[] {
  for (const keyName of new Set(rows.map((row) => row.keyName))) {
    const parts = rows.filter((row) => row.keyName === keyName);
    if (parts.every((row) => Number(row.unfit) === 0)) return parts.map((row) => row.columnName as string);
  }
  return [];
}
