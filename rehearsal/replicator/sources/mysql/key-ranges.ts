import type { Connection as Session, RowDataPacket } from 'mysql2/promise';
import { quoteIdentifier, quoteTable } from '../../mysql/quoting';
import type { KeyRange } from '../change-source';
import type { MysqlTable } from './tables';

/** Rows of a range, about: few enough that the sessions end together, many enough that a transaction is worth it. */
const rowsPerRange = 100_000;
const integers = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);

/**
 * Ranges of equal width over the first key column, where that is an integer and the table is large enough. The outer
 * ones are open, so whatever the bounds are, every row is in exactly one.
 */
export async function rangesOf(session: Session, table: MysqlTable, readers: number): Promise<KeyRange[]> {
  const column = table.columns.find(({ name }) => name === table.keyColumns[0]);
  if (!column || !integers.has(column.dataType) || readers === 1) return [{}];
  const [[size]] = await session.query<RowDataPacket[]>(
    'SELECT TABLE_ROWS AS number FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [table.name.schema, table.name.table],
  );
  const count = Math.min(10_000, Math.floor(Number(size?.['number'] ?? 0) / rowsPerRange));
  if (count < 2) return [{}];
  const name = quoteIdentifier(column.name);
  const [[ends]] = await session.query<RowDataPacket[]>(
    `SELECT CAST(MIN(${name}) AS CHAR) AS lowest, CAST(MAX(${name}) AS CHAR) AS highest FROM ${quoteTable(table.name)}`,
  );
  if (!ends?.['lowest']) return [{}];
  const [lowest, highest] = [BigInt(String(ends['lowest'])), BigInt(String(ends['highest']))];
  const width = (highest - lowest) / BigInt(count) + 1n;
  const bounds = Array.from({ length: count - 1 }, (_, index) => String(lowest + width * BigInt(index + 1)));
  return [undefined, ...bounds].map((from, index) => ({ column: column.name, from, below: bounds[index] }));
}
