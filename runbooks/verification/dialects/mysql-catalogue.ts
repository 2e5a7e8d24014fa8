import { z } from 'zod';
import type { SqlReader } from '../../ports/sql-reader';
import type { CatalogueColumn, CatalogueTable, TableFilter } from './dialect';
import { typeOf } from './mysql-types';

const columnRow = z.object({
  table_schema: z.string(),
  table_name: z.string(),
  column_name: z.string(),
  data_type: z.string(),
  column_type: z.string(),
  nullable: z.string(),
  extra: z.string().nullable(),
  character_set: z.string().nullable(),
  collation: z.string().nullable(),
  numeric_scale: z.string().nullable(),
  fraction: z.string().nullable(),
});
const keyRow = z.object({ table_schema: z.string(), table_name: z.string(), name: z.string(), columns: z.string() });

const ownSchemas = `('mysql', 'sys', 'information_schema', 'performance_schema')`;

// Every table has a column; a name that a session may not see has no row. Labels are given: MySQL 8 shouts them else.
const columnsQuery = `
  SELECT c.TABLE_SCHEMA AS table_schema, c.TABLE_NAME AS table_name, c.COLUMN_NAME AS column_name,
    c.DATA_TYPE AS data_type, c.COLUMN_TYPE AS column_type, c.IS_NULLABLE AS nullable, c.EXTRA AS extra,
    c.CHARACTER_SET_NAME AS character_set, c.COLLATION_NAME AS collation, c.NUMERIC_SCALE AS numeric_scale,
    c.DATETIME_PRECISION AS fraction
  FROM information_schema.COLUMNS c
  JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
  WHERE t.TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED') AND c.TABLE_SCHEMA NOT IN ${ownSchemas}
  ORDER BY CAST(c.TABLE_SCHEMA AS BINARY), CAST(c.TABLE_NAME AS BINARY), CAST(c.COLUMN_NAME AS BINARY)`;

/** Unique indexes that name each row: no nulls, whole columns. A key part that is an expression has no column; hex keeps names apart whatever they hold. */
const keysQuery = `
  SELECT s.TABLE_SCHEMA AS table_schema, s.TABLE_NAME AS table_name, s.INDEX_NAME AS name,
    GROUP_CONCAT(HEX(CONVERT(s.COLUMN_NAME USING utf8mb4)) ORDER BY s.SEQ_IN_INDEX SEPARATOR ' ') AS \`columns\`
  FROM information_schema.STATISTICS s WHERE s.NON_UNIQUE = 0 AND s.TABLE_SCHEMA NOT IN ${ownSchemas}
  GROUP BY s.TABLE_SCHEMA, s.TABLE_NAME, s.INDEX_NAME
  HAVING SUM(s.COLUMN_NAME IS NULL OR s.SUB_PART IS NOT NULL OR s.NULLABLE = 'YES') = 0
  ORDER BY s.INDEX_NAME = 'PRIMARY' DESC, COUNT(*), s.INDEX_NAME`;

/** The selected tables of one side. */
export async function readMysqlTables(
  reader: SqlReader,
  isSelected: TableFilter,
  signal: AbortSignal,
): Promise<CatalogueTable[]> {
  const rows = (await reader.query(columnsQuery, [], signal)).map((row) => columnRow.parse(row));
  const keys = new Map<string, string[]>();
  for (const found of await reader.query(keysQuery, [], signal)) {
    const { table_schema, table_name, columns } = keyRow.parse(found);
    const table = JSON.stringify([table_schema, table_name]);
    const names = columns.split(' ').map((hex) => Buffer.from(hex, 'hex').toString());
    if (!keys.has(table)) keys.set(table, names);
  }
  const tables = new Map<string, CatalogueTable & { columns: CatalogueColumn[] }>();
  for (const row of rows) {
    const [schema, name] = [row.table_schema, row.table_name];
    if (!isSelected(schema, name)) continue;
    const id = JSON.stringify([schema, name]);
    const table = tables.get(id) ?? { schema, name, key: keys.get(id) ?? [], partitioned: false, columns: [] };
    tables.set(id, table);
    table.columns.push(columnOf(row));
  }
  return [...tables.values()];
}

const columnOf = (row: z.infer<typeof columnRow>): CatalogueColumn => ({
  name: row.column_name,
  type: typeOf({
    dataType: row.data_type,
    columnType: row.column_type,
    characterSet: row.character_set ?? undefined,
    collation: row.collation ?? undefined,
    scale: Number(row.numeric_scale ?? row.fraction ?? 0),
  }),
  notNull: row.nullable === 'NO',
  generated: /\b(VIRTUAL|STORED|PERSISTENT) GENERATED\b|\bGENERATED ALWAYS\b/i.test(row.extra ?? ''),
  collation: row.collation ?? undefined,
});
