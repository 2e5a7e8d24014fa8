import type { Connection as Session, RowDataPacket } from 'mysql2/promise';
import type { TableName } from '../../row-change';
import { KnownTables } from '../known-tables';

/** What the target's catalogue says of a column. */
export interface TargetColumn {
  name: string;
  /** `DATA_TYPE`: the bare name, `bigint`. */
  dataType: string;
  /** `COLUMN_TYPE`: with length, labels and `unsigned`. */
  columnType: string;
  nullable: boolean;
  generated: boolean;
  /** Characters of CHAR and VARCHAR; bytes of binary types. */
  length: number | undefined;
  /** Bytes of text. */
  octets: number | undefined;
  precision: number | undefined;
  scale: number | undefined;
  /** Digits of a second's fraction. */
  fraction: number;
  charset: string | undefined;
}

export interface TargetTable {
  name: TableName;
  columns: Map<string, TargetColumn>;
  primaryKey: string[];
  /** Columns of each unique index over whole columns, the primary key's among them. */
  uniqueKeys: string[][];
}

interface ColumnRow extends RowDataPacket {
  name: string;
  dataType: string;
  columnType: string;
  nullable: string;
  extra: string;
  length: string | number | null;
  octets: string | number | null;
  precisionDigits: string | number | null;
  scale: string | number | null;
  fraction: string | number | null;
  charset: string | null;
}

interface IndexRow extends RowDataPacket {
  indexName: string;
  columnName: string | null;
  part: number | null;
}

export type TargetTables = KnownTables<TargetTable>;

export const targetTables = (session: Session): TargetTables => new KnownTables((name) => readTable(session, name));

async function readTable(session: Session, name: TableName): Promise<TargetTable | undefined> {
  const where = [name.schema, name.table];
  const [rows] = await session.execute<ColumnRow[]>(
    `SELECT c.COLUMN_NAME AS name, c.DATA_TYPE AS dataType, c.COLUMN_TYPE AS columnType, c.IS_NULLABLE AS nullable,
              c.EXTRA AS extra, c.CHARACTER_MAXIMUM_LENGTH AS length, c.CHARACTER_OCTET_LENGTH AS octets,
              c.NUMERIC_PRECISION AS precisionDigits, c.NUMERIC_SCALE AS scale, c.DATETIME_PRECISION AS fraction,
              c.CHARACTER_SET_NAME AS charset
         FROM information_schema.COLUMNS c
         JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
        WHERE t.TABLE_TYPE = 'BASE TABLE' AND c.TABLE_SCHEMA = ? AND c.TABLE_NAME = ?
        ORDER BY c.ORDINAL_POSITION`,
    where,
  );
  if (rows.length === 0) return undefined;
  const [indexes] = await session.execute<IndexRow[]>(
    `SELECT INDEX_NAME AS indexName, COLUMN_NAME AS columnName, SUB_PART AS part FROM information_schema.STATISTICS
        WHERE NON_UNIQUE = 0 AND TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
    where,
  );
  return {
    name,
    columns: new Map(rows.map((row) => [row.name, columnOf(row)])),
    primaryKey: indexes.flatMap((row) => (row.indexName === 'PRIMARY' ? (row.columnName ?? []) : [])),
    uniqueKeys: uniqueKeys(indexes),
  };
}

const columnOf = (row: ColumnRow): TargetColumn => ({
  name: row.name,
  dataType: row.dataType.toLowerCase(),
  columnType: row.columnType,
  nullable: row.nullable === 'YES',
  generated: /\b(VIRTUAL|STORED|PERSISTENT) GENERATED\b|^(VIRTUAL|PERSISTENT|STORED)$/i.test(row.extra),
  length: numberOr(row.length),
  octets: numberOr(row.octets),
  precision: numberOr(row.precisionDigits),
  scale: numberOr(row.scale),
  fraction: numberOr(row.fraction) ?? 0,
  charset: row.charset ?? undefined,
});

const numberOr = (value: string | number | null): number | undefined => (value === null ? undefined : Number(value));

/** Indexes over the beginning of a text or over an expression are left out. */
function uniqueKeys(rows: readonly IndexRow[]): string[][] {
  const names = [...new Set(rows.map((row) => row.indexName))];
  return names
    .map((name) => rows.filter((row) => row.indexName === name))
    .filter((parts) => parts.every((part) => part.columnName !== null && part.part === null))
    .map((parts) => parts.map((part) => part.columnName as string));
}
