import type { NeutralColumn } from './dialect';
import { nullTag, valueTag } from './row-text';

/** An identifier out of the catalogue, quoted. */
export const quoted = (identifier: string): string => `\`${identifier.replaceAll('`', '``')}\``;

/** Character sets whose bytes are UTF-8 already. */
const utf8 = new Set(['utf8mb4', 'utf8mb3', 'utf8', 'ascii', 'binary']);
const isUtf8 = ({ type }: NeutralColumn): boolean => utf8.has(type.characterSet ?? 'binary');

/** Trailing zeros of a fraction count in no form. */
const trimmed = (text: string): string => `TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${text}))`;

/** The column as its form has it, as a number, a text or (of texts and bytes) its bytes; null stays null. */
function plain(column: NeutralColumn): string {
  const name = quoted(column.name);
  const { type } = column;
  switch (column.form) {
    case 'boolean':
    case 'digits':
    case 'decimal': {
      // Adding zero takes the padding of ZEROFILL and YEAR away, and makes a number of bits.
      const number = type.padded || type.name === 'bit' || type.name === 'year' ? `(${name} + 0)` : name;
      return type.name === 'decimal' && type.scale ? trimmed(number) : number;
    }
    case 'float':
      // A FLOAT of so many digits is kept in binary like any other: what is printed of it is not what it holds.
      return type.scale && type.name === 'double' ? trimmed(name) : double(column);
    case 'text':
      return `CAST(${characters(column)} AS BINARY)`;
    case 'bytes':
    case 'address':
      return `LOWER(HEX(${name}))`;
    case 'uuid':
      if (type.name === 'binary') return `LOWER(HEX(${name}))`;
      return `LOWER(REPLACE(${characters(column)}, '-', ''))`;
    case 'timestamp':
    case 'time':
      return type.scale ? trimmed(name) : name;
    case 'bits':
      return `LPAD(BIN(${name} + 0), ${type.modifier ?? 1}, '0')`;
    case 'converted':
      return `'1'`;
    case 'date':
    case 'json':
      return name;
  }
}

/**
 * A FLOAT is printed with six digits: it is widened, as PostgreSQL's side is. A DOUBLE stays a column: MySQL cuts what it
 * computes to 22 characters.
 */
const double = ({ name, type }: NeutralColumn): string =>
  type.name === 'float' ? `(${quoted(name)} + 0e0)` : quoted(name);

/** The column's characters; types without a character set of their own are printed. */
function characters(column: NeutralColumn): string {
  const name = quoted(column.name);
  if (column.type.characterSet === undefined) return `CAST(${name} AS CHAR)`;
  return isUtf8(column) ? name : `CONVERT(${name} USING utf8mb4)`;
}

/** As text of the connection, for a person and for the other side: never bytes. */
export function printed(column: NeutralColumn): string {
  if (column.form === 'text' || column.form === 'json') return `CONVERT(${characters(column)} USING utf8mb4)`;
  // Of a computed double JSON alone has all digits.
  const computed = column.type.name === 'float' && `JSON_EXTRACT(JSON_ARRAY(${double(column)}), '$[0]')`;
  return `CONVERT(${computed || plain(column)} USING utf8mb4)`;
}

/** Text of the key, in an order that is the same in both engines. */
export const textBytes = (column: NeutralColumn): string =>
  column.form === 'text' ? plain(column) : `CAST(${plain(column)} AS BINARY)`;

/** What stands for the column in the row's text, and is null where the column is. */
function marked(column: NeutralColumn): string {
  const [name, text] = [quoted(column.name), plain(column)];
  if (column.form === 'json') return `IF(${name} IS NULL, NULL, '${valueTag}')`;
  if (column.form === 'float')
    return `IF(${double(column)} = 0, '0', IF(${isExtreme(column)}, '${valueTag}', ${text}))`;
  if (column.long) return `SHA2(${column.form === 'bytes' ? name : characters(column)}, 256)`;
  if (column.form === 'text') return `CONCAT(CHAR_LENGTH(${characters(column)}), ':', ${text})`;
  return ['uuid', 'address'].includes(column.form) ? `CONCAT(CHAR_LENGTH(${text}), ':', ${text})` : text;
}

export const part = (column: NeutralColumn): string => `COALESCE(${marked(column)}, '${nullTag}')`;

/** A double that the engines do not write alike. */
const isExtreme = (column: NeutralColumn): string => {
  const value = `ABS(${double(column)})`;
  return `(${value} > 0 AND (${value} < 1e-3 OR ${value} >= 1e15))`;
};

/** When the value is compared one by one. */
export const isValued = (column: NeutralColumn): string =>
  column.form === 'json' ? `${quoted(column.name)} IS NOT NULL` : `COALESCE(${isExtreme(column)}, FALSE)`;

/** Size of a value that is compared one by one. */
export const sizeOf = (column: NeutralColumn): string =>
  column.form === 'json' ? `COALESCE(LENGTH(${quoted(column.name)}), 0)` : `IF(${isValued(column)}, 24, 0)`;
