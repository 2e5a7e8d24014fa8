import { typeOf } from '../../verification/dialects/mysql-types';
import { wholeNumbers, type Capacity } from './capacity';
import type { ColumnDefault, Folding, ModelColumn } from './model';

export type CatalogueRow = Record<string, string | null>;

const integerBits: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, mediumint: 24, int: 32, bigint: 64 };

/** Labels of `enum('a','it''s')`, as the catalogue writes them. */
export const labelsOf = (columnType: string): string[] =>
  [...columnType.slice(columnType.indexOf('(')).matchAll(/'((?:[^']|'')*)'/g)].map(([, label = '']) =>
    label.replaceAll("''", "'"),
  );

/** MySQL's documented ranges (reference manual, "Date and Time Data Types"). What lies outside may work, or not. */
const ranges: Readonly<Record<string, readonly [string, string]>> = {
  date: ['1000-01-01', '9999-12-31'],
  datetime: ['1000-01-01 00:00:00', '9999-12-31 23:59:59.999999'],
  timestamp: ['1970-01-01 00:00:01', '2038-01-19 03:14:07.999999'],
};

function capacityOf(row: CatalogueRow, name: string, modifier: string | undefined): Capacity {
  const number = (key: string) => (row[key] === null || row[key] === undefined ? undefined : Number(row[key]));
  const columnType = row['column_type'] ?? '';
  const unsigned = columnType.includes('unsigned');
  const bits = integerBits[name];
  const digits = number('fraction') ?? 0;
  if (name === 'tinyint' && modifier === '1' && !unsigned) return { kind: 'boolean' };
  if (bits !== undefined) return wholeNumbers(bits, unsigned);
  switch (name) {
    case 'year':
      return { kind: 'integer', least: 1901n, most: 2155n, orZero: true };
    case 'decimal':
      return { kind: 'decimal', digits: number('digits'), scale: number('scale') ?? 0, unsigned };
    case 'float':
    case 'double': {
      const [digits, scale] = [number('digits'), number('scale')];
      const rounded = digits !== undefined && scale !== undefined ? { digits, scale } : undefined;
      return { kind: 'float', bits: name === 'float' ? 24 : 53, unsigned, ...(rounded && { rounded }) };
    }
    case 'bit':
      return modifier === '1' ? { kind: 'boolean' } : { kind: 'bits', length: Number(modifier), exactly: true };
    case 'char':
    case 'varchar':
      return {
        ...{ kind: 'text', characters: number('characters'), characterSet: row['character_set'] ?? undefined },
        padded: name === 'char',
      };
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return { kind: 'text', bytes: number('octets'), characterSet: row['character_set'] ?? undefined };
    case 'enum':
      return { kind: 'labels', labels: labelsOf(columnType) };
    case 'set':
      return { kind: 'set', labels: labelsOf(columnType) };
    case 'binary':
      return { kind: 'bytes', most: number('octets'), exactly: true };
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return { kind: 'bytes', most: number('octets') };
    case 'date':
    case 'datetime':
    case 'timestamp': {
      const [from, to] = ranges[name] as readonly [string, string];
      return { kind: 'moment', of: name === 'date' ? 'date' : 'timestamp', from, to, digits };
    }
    case 'time':
      return { kind: 'time', digits };
    case 'inet4':
    case 'inet6':
      return { kind: 'address', version: name === 'inet4' ? 4 : 6 };
    case 'json':
    case 'uuid':
      return { kind: name };
    default:
      return { kind: 'other' };
  }
}

/** What a collation takes for equal. Names: `utf8mb4_unicode_ci`, `utf8mb4_0900_as_ci`, `latin1_german1_ci`, `uca1400_ai_ci`. */
export function foldingOf(collation: string | null | undefined): Folding | undefined {
  if (!collation || collation === 'binary') return undefined;
  const padding = !/_0900_|_nopad/.test(collation);
  if (/_bin$/.test(collation)) return padding ? { case: false, accents: false, padding, exact: true } : undefined;
  const accents = /_ai_/.test(collation) || !/_as_/.test(collation);
  const exact = /_(unicode|unicode_520|0900|uca1400)_(nopad_)?(a[is]_)?c[is]$/.test(collation);
  return {
    case: /_ci$/.test(collation),
    accents: accents && !/_cs$/.test(collation.replace('_as_cs', '')),
    padding,
    exact,
  };
}

const isNow =
  /^(current_timestamp|now|localtime|localtimestamp|utc_timestamp|curdate|current_date|curtime|current_time)\b/i;

/** MariaDB tells defaults as expressions, MySQL as bare texts and says of expressions that they are. */
function defaultOf(row: CatalogueRow, isMariadb: boolean): ColumnDefault | undefined {
  const text = row['default_value'];
  if (text === null || text === undefined || (isMariadb && /^null$/i.test(text))) return undefined;
  const moment = /date|time/.test(row['data_type'] ?? '');
  if (isNow.test(text) && (isMariadb || moment)) return { kind: 'now' };
  if (/^\(?uuid\(\)\)?$/i.test(text)) return { kind: 'uuid' };
  const bits = /^b'([01]*)'$/.exec(text);
  if (bits) return { kind: 'literal', text: bits[1] as string };
  if (isMariadb) {
    const quotedText = /^'((?:[^']|'')*)'$/s.exec(text);
    if (quotedText)
      return { kind: 'literal', text: (quotedText[1] as string).replaceAll("''", "'").replaceAll('\\\\', '\\') };
    return /^-?[\d.]+$/.test(text) ? { kind: 'literal', text } : { kind: 'expression', text };
  }
  return /DEFAULT_GENERATED/i.test(row['extra'] ?? '') ? { kind: 'expression', text } : { kind: 'literal', text };
}

export function mysqlColumn(row: CatalogueRow, isMariadb: boolean, holdsJson: boolean): ModelColumn {
  const columnType = row['column_type'] ?? '';
  const type = typeOf({
    dataType: row['data_type'] ?? '',
    columnType,
    characterSet: row['character_set'] ?? undefined,
    collation: row['collation'] ?? undefined,
    scale: Number(row['scale'] ?? row['fraction'] ?? 0),
  });
  const extra = row['extra'] ?? '';
  const generated = row['generation'];
  const isText = row['collation'] !== null && type.name !== 'enum' && type.name !== 'set';
  return {
    name: row['column_name'] ?? '',
    type,
    declared: columnType,
    capacity: holdsJson ? { kind: 'json' } : capacityOf(row, type.name, type.modifier),
    notNull: row['nullable'] === 'NO',
    default: generated ? undefined : defaultOf(row, isMariadb),
    generated: generated || undefined,
    counts: /auto_increment/i.test(extra) ? 'by default' : undefined,
    touchesItself: /on update/i.test(extra),
    folds: isText ? foldingOf(row['collation']) : undefined,
    collation: row['collation'] ?? undefined,
  };
}
