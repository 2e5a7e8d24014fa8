import type { Manifest } from '../../../definition/manifest/sections';
import { isSelected } from '../../../definition/replication/selected-tables';
import type { SqlReader } from '../../ports/sql-reader';

export interface TableWithoutTransactions {
  /** schema.table */
  readonly object: string;
  /** `MyISAM`, `Aria`. */
  readonly storage: string;
}

const read = `SELECT CAST(CONCAT(t.TABLE_SCHEMA, '.', t.TABLE_NAME) AS CHAR) AS name, CAST(t.ENGINE AS CHAR) AS storage
  FROM information_schema.TABLES t JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
  WHERE t.TABLE_TYPE = 'BASE TABLE' AND COALESCE(e.TRANSACTIONS, 'NO') <> 'YES' ORDER BY name`;

/** Selected tables of a MySQL side that keep what a transaction wrote when it is rolled back, and have no snapshot. */
export async function tablesWithoutTransactions(
  reader: SqlReader,
  tables: Manifest['tables'],
  signal: AbortSignal,
): Promise<TableWithoutTransactions[]> {
  const rows = await reader.query(read, [], signal);
  return rows
    .map((row) => ({ object: row['name'] ?? '', storage: row['storage'] ?? '' }))
    .filter(({ object }) => isSelected(tables, object));
}
