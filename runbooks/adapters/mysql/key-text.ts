import type { ColumnSchema, TableMapEntry } from '@vlasky/zongji';
import type { MysqlSide } from './mysql-side';

type ColumnInfo = NonNullable<TableMapEntry['columns']>[number];

/** What the catalogue says of a key's column. */
export interface KeyColumn {
  readonly name: string;
  readonly dataType: string;
  readonly columnType: string;
  /** Of texts, enums and sets. */
  readonly characterSet?: string;
}

const query = `SELECT table_schema AS table_schema, table_name AS table_name, column_name AS column_name,
    data_type AS data_type, column_type AS column_type, character_set_name AS character_set
  FROM information_schema.columns WHERE table_schema IN (?)`;

/** The columns of all tables of these databases. */
export async function columnsOf(
  side: MysqlSide,
  schemas: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlyMap<string, KeyColumn>>> {
  const tables = new Map<string, Map<string, KeyColumn>>();
  if (schemas.length === 0) return tables;
  for (const row of await side.reading.rows(query, [schemas], signal)) {
    const table = `${row['table_schema']}.${row['table_name']}`;
    const columns = tables.get(table) ?? new Map<string, KeyColumn>();
    const name = row['column_name'] as string;
    columns.set(name, {
      ...{ name, dataType: row['data_type'] ?? '', columnType: row['column_type'] ?? '' },
      characterSet: row['character_set'] ?? undefined,
    });
    tables.set(table, columns);
  }
  return tables;
}

const lengthOf = ({ columnType }: KeyColumn): number => Number(/\((\d+)\)/.exec(columnType)?.[1] ?? 1);

/**
 * Character sets of which the reader makes the same characters as the server, each compared byte by byte. Of others it
 * knows none, or some differently: cp866's № is no letter of the server's.
 */
const unicode = new Set(['utf8mb4', 'utf8mb3', 'utf8', 'ascii', 'ucs2', 'utf16', 'utf16le', 'utf32']);
const knownToReader = new Set([
  ...['latin1', 'latin2', 'latin5', 'latin7', 'cp850', 'cp852', 'cp1250', 'cp1251', 'cp1256', 'cp1257', 'koi8r'],
  ...['macce', 'gbk', 'euckr'],
]);

/** A replacement character stands for bytes that the reader knows nothing for, such as latin1's 0x81. */
const isReadAsByServer = (characterSet: string, text: string): boolean =>
  unicode.has(characterSet) || (knownToReader.has(characterSet) && !text.includes('\ufffd'));

/** The binlog leaves the zeros at the end of a BINARY(n) out. */
function bytesText(column: KeyColumn, value: Buffer): string | undefined {
  switch (column.dataType) {
    case 'bit':
      return BigInt(`0x${value.toString('hex') || '0'}`)
        .toString(2)
        .padStart(lengthOf(column), '0');
    case 'binary':
      return value.toString('hex').padEnd(2 * lengthOf(column), '0');
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return value.toString('hex');
    default:
      // A text whose character set the reader does not know.
      return undefined;
  }
}

/**
 * A key's value out of the binlog as the verification knows keys: digits, texts as they are, dates ISO, bytes in hex.
 * Undefined where that cannot be said.
 */
export function keyText(column: KeyColumn, value: unknown): string | undefined {
  const text = textOf(column, value);
  if (text === undefined) return undefined;
  if (column.characterSet !== undefined && !isReadAsByServer(column.characterSet, text)) return undefined;
  // The reader takes the fraction of a negative time for a part of its whole seconds.
  return column.dataType === 'time' && text.startsWith('-') ? undefined : text;
}

function textOf(column: KeyColumn, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (Buffer.isBuffer(value)) return bytesText(column, value);
  if (Array.isArray(value)) return value.join(',');
  if (column.dataType === 'binary' || column.dataType === 'varbinary')
    return bytesText(column, Buffer.from(value as string, 'latin1'));
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'bigint') return undefined;
  // The year 0 is kept as 0, and years from 1901 on as what they are above 1900.
  return column.dataType === 'year' && Number(value) === 1900 ? '0' : String(value);
}

/** MariaDB's types that travel as bytes; the reader writes them as the server does when it knows of them. */
const namedByCatalogue = new Set(['uuid', 'inet4', 'inet6']);

/**
 * Tells the reader of a column what the binlog does not. That names a character set by the number of a collation; of those
 * that MariaDB alone has (`nopad`, `uca1400`) the reader knows none and takes their texts for UTF-8.
 */
export function describeColumn(schema: ColumnSchema, info: ColumnInfo | undefined, column: KeyColumn): void {
  if (namedByCatalogue.has(column.dataType)) schema.COLUMN_TYPE = column.columnType;
  if (column.characterSet === undefined || schema.CHARACTER_SET_NAME === column.characterSet) return;
  if (info) info.charset = column.characterSet;
  if (column.dataType !== 'enum' && column.dataType !== 'set') return;
  // Labels that were read so are none: the reader takes those of the catalogue.
  schema.COLUMN_TYPE = column.columnType;
  delete schema.ENUM_VALUES;
  delete schema.SET_VALUES;
}
