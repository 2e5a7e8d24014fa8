import type { ColumnSchema, TableMapEntry } from '@vlasky/zongji';
import { nameOf, type RowChange, type TableName, type Tuple, type Value } from '../../row-change';
import { FatalTaskError } from '../../task-errors';
import type { Route } from '../../table-mappings/route';
import { jsonText } from './binary-json';
import type { Catalogue } from './catalogue';
import { bitDigits, kindOf, labelsOf, refusal, type SourceColumn } from './columns';
import type { MysqlTable } from './tables';

/** Type codes of the binlog (mysql-server, field_types.h). */
const longBlob = 251;
const jsonType = 245;
const geometryType = 255;
/** MariaDB's types that travel as bytes; the reader writes them as the server does when it knows of them. */
const namedInBinlog = new Set(['uuid', 'inet4', 'inet6']);

type Row = Record<string, unknown>;
type Read = (value: unknown) => Value;

/** Reads the rows of one table out of the binlog, as it is laid out now. */
export class RowDecoder {
  readonly table: TableName;
  private readonly columns: readonly SourceColumn[];
  private readonly carried: { name: string; index: number; read: Read }[];
  private readonly names: readonly string[];
  private readonly keyNames: readonly string[];
  /** Columns that are not null in an old row, for a table without a key. */
  private readonly shapes = new Map<string, readonly string[]>();
  private readonly reads: ReadonlyMap<string, Read>;

  constructor(table: MysqlTable, route: Route, catalogue: Catalogue) {
    this.table = table.name;
    this.columns = table.columns;
    this.carried = table.columns.flatMap((column, index) => {
      if (column.generated) return [];
      const read = readerOf(column, catalogue);
      if (kindOf(column) === 'refused' && route.column(column.name) !== undefined) {
        throw new FatalTaskError(`table ${nameOf(table.name)}: ${refusal(column)}`);
      }
      return [{ name: column.name, index, read }];
    });
    this.names = this.carried.map(({ name }) => name);
    this.keyNames = table.keyColumns;
    this.reads = new Map(this.carried.map(({ name, read }) => [name, read]));
  }

  /**
   * Prepares the reader's own description of the table so that it hands over bytes where its text would lose something,
   * and checks that the binlog means the columns that the catalogue names.
   */
  prepare(entry: TableMapEntry, catalogue: Catalogue): void {
    const columns = entry.columns ?? [];
    const found = columns.map(({ name }) => name);
    const expected = this.columns.map(({ name }) => name);
    if (found.join('\n') !== expected.join('\n')) {
      throw new FatalTaskError(
        `table ${nameOf(this.table)} was altered while the task ran: the binlog has the columns ${found.join(', ')}, ` +
          `the task began with ${expected.join(', ')}; changes to the structure are not replicated: load again, or alter ` +
          'the target as well and start at a position after the change',
      );
    }
    for (const [index, column] of this.columns.entries()) {
      const info = columns[index];
      const schema = entry.columnSchemas[index];
      if (info && schema) prepareColumn(column, info, schema, catalogue);
    }
  }

  /** Throws unless the event holds every column that is carried (`binlog_row_image=FULL`). */
  expectWhole(...bitmaps: (Buffer | undefined)[]): void {
    for (const bitmap of bitmaps) {
      if (!bitmap) continue;
      const missing = this.carried.find(({ index }) => (((bitmap[index >> 3] as number) >> (index & 7)) & 1) === 0);
      if (!missing) continue;
      throw new FatalTaskError(
        `a row of ${nameOf(this.table)} came without its column ${missing.name}: a session of the source has set ` +
          'binlog_row_image; it must be FULL everywhere',
      );
    }
  }

  insert(row: Row): RowChange {
    return { kind: 'insert', table: this.table, row: this.tuple(row) };
  }

  update(before: Row, after: Row): RowChange {
    const key = this.key(before);
    const row = this.tuple(after);
    const changed =
      this.keyNames.length === 0 || key.names.some((name, index) => key.values[index] !== this.value(after, name));
    return { kind: 'update', table: this.table, ...(changed && { key }), row };
  }

  delete(row: Row): RowChange {
    return { kind: 'delete', table: this.table, key: this.key(row) };
  }

  private tuple(row: Row): Tuple {
    return { names: this.names, values: this.carried.map(({ name, read }) => readValue(row[name], read)) };
  }

  private key(row: Row): Tuple {
    if (this.keyNames.length > 0) {
      return { names: this.keyNames, values: this.keyNames.map((name) => this.value(row, name)) };
    }
    const present = this.carried.filter(({ name }) => row[name] !== null);
    const shape = present.map(({ index }) => index).join();
    const names = this.shapes.get(shape) ?? present.map(({ name }) => name);
    this.shapes.set(shape, names);
    return { names, values: present.map(({ name, read }) => readValue(row[name], read)) };
  }

  private value(row: Row, name: string): Value {
    const read = this.reads.get(name);
    return read && readValue(row[name], read);
  }
}

const readValue = (value: unknown, read: Read): Value => (value === null ? null : read(value));

/** The value as the reader hands it over, as PostgreSQL writes its natural type. */
function readerOf(column: SourceColumn, catalogue: Catalogue): Read {
  switch (kindOf(column)) {
    case 'bit':
      return (value) => bitDigits(column, value as Buffer);
    case 'binary':
      return (value) => `\\x${(value as Buffer).toString('hex')}`;
    case 'json':
      return (value) => jsonText(value as Buffer);
    case 'year':
      // The year 0 is kept as 0, and years from 1901 on as what they are above 1900.
      return (value) => (value === 1900 ? '0' : String(value));
    case 'text':
      return textReader(column, catalogue);
    case 'time':
      return (value) => carried(value as string);
    default:
      return (value) => (Object.is(value, -0) ? '-0' : String(value));
  }
}

/**
 * The reader of the binlog leaves 64 seconds where a negative time ends in a whole minute: it adds one to the lowest of
 * three binary fields and does not carry it on.
 */
function carried(time: string): string {
  const parts = /^-(\d+):(\d\d):64(.*)$/.exec(time);
  if (!parts) return time;
  const [hours, minutes] = [Number(parts[1]), Number(parts[2]) + 1];
  const text = (value: number): string => String(value).padStart(2, '0');
  return minutes === 64 ? `-${text(hours + 1)}:00:00${parts[3]}` : `-${text(hours)}:${text(minutes)}:00${parts[3]}`;
}

function textReader(column: SourceColumn, catalogue: Catalogue): Read {
  const characters = catalogue.charactersOf(column.charset ?? '');
  return (value) => {
    // The empty label stands for a value that an ENUM did not know.
    if (value === undefined) return '';
    if (!Buffer.isBuffer(value)) return value as string;
    if (characters === undefined) return value.toString('utf8');
    let text = '';
    for (const byte of value) text += characters[byte];
    return text;
  };
}

function prepareColumn(
  column: SourceColumn,
  info: NonNullable<TableMapEntry['columns']>[number],
  schema: ColumnSchema,
  catalogue: Catalogue,
): void {
  if (namedInBinlog.has(column.dataType)) schema.COLUMN_TYPE = column.columnType;
  if (info.type === jsonType || info.type === geometryType) {
    info.type = longBlob;
    info.charset = null;
  }
  // The binlog names a character set by the number of a collation; those that MariaDB alone has are not known to the reader.
  const isMistaken = column.charset !== null && schema.CHARACTER_SET_NAME !== column.charset;
  if (column.dataType === 'enum') {
    if (isMistaken || !schema.ENUM_VALUES) schema.ENUM_VALUES = labelsOf(column.columnType);
  } else if (column.dataType === 'set') {
    if (isMistaken || !schema.SET_VALUES) schema.SET_VALUES = labelsOf(column.columnType);
  } else if (column.charset !== null && catalogue.charactersOf(column.charset) !== undefined) {
    // Without a character set of its own the column's bytes come as they are.
    info.charset = null;
    if (/char/.test(column.dataType)) schema.COLUMN_TYPE = 'varbinary';
  } else if (isMistaken) info.charset = column.charset;
}
