import { quoteIdentifier, quoteLiteral } from '../../mysql/quoting';

/** What the source's catalogue says of a column. */
export interface SourceColumn {
  readonly name: string;
  /** `DATA_TYPE`: the bare name, `bigint`. */
  readonly dataType: string;
  /** `COLUMN_TYPE`: with length, labels and `unsigned`. */
  readonly columnType: string;
  /** Null for what is no text. */
  readonly charset: string | null;
  readonly generated: boolean;
}

/** How a type's values become text. */
export type ColumnKind =
  'as written' | 'time' | 'double' | 'text' | 'float' | 'year' | 'bit' | 'binary' | 'json' | 'refused';

const kinds: Readonly<Record<Exclude<ColumnKind, 'refused'>, string>> = {
  // Digits, dates and the like need no escaping.
  'as written': 'tinyint smallint mediumint int bigint decimal date datetime timestamp uuid inet4 inet6',
  time: 'time',
  double: 'double',
  text: 'char varchar tinytext text mediumtext longtext enum set',
  float: 'float',
  year: 'year',
  bit: 'bit',
  binary: 'binary varbinary tinyblob blob mediumblob longblob',
  json: 'json',
};

const kindByType = new Map(
  Object.entries(kinds).flatMap(([kind, types]) => types.split(' ').map((type) => [type, kind as ColumnKind] as const)),
);

/** Geometry, vectors and types that are not known are refused: nothing says what they are on the other side. */
export const kindOf = (column: SourceColumn): ColumnKind => kindByType.get(column.dataType) ?? 'refused';

const bitLength = (column: SourceColumn): number => Number(/\((\d+)\)/.exec(column.columnType)?.[1] ?? 1);

/** Bits as digits with their leading zeros, as PostgreSQL writes them. */
export const bitDigits = (column: SourceColumn, bytes: Buffer): string =>
  BigInt(`0x${bytes.toString('hex') || '0'}`)
    .toString(2)
    .padStart(bitLength(column), '0');

/**
 * The labels of an ENUM or SET from its `COLUMN_TYPE`: in quotes that are doubled inside, with a few characters behind
 * a backslash.
 */
export function labelsOf(columnType: string): string[] {
  return [...columnType.matchAll(/'((?:[^'\\]|''|\\.)*)'/gs)].map(([, label]) =>
    (label as string).replace(/''|\\(.)/gs, (token, escaped?: string) => {
      if (token === "''") return "'";
      return escapes[escaped as string] ?? (escaped as string);
    }),
  );
}
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

/**
 * A column as a field of a COPY line that the server itself writes: escaped as COPY wants it, `\N` for NULL. Escaping
 * works on bytes, which is several times faster than on characters; in UTF-8 no other character holds these bytes.
 */
export function copyField(column: SourceColumn): string {
  const name = quoteIdentifier(column.name);
  // What grows beyond max_allowed_packet becomes NULL: CONCAT_WS leaves it out then, and COPY refuses the short line.
  return `IF(${name} IS NULL, '\\N', ${fieldText(column, name)})`;
}

function fieldText(column: SourceColumn, name: string): string {
  switch (kindOf(column)) {
    case 'as written':
    case 'time':
      return name;
    case 'text':
      return escaped(column.charset === 'utf8mb4' ? name : `CONVERT(${name} USING utf8mb4)`);
    case 'json':
      return escaped(`CAST(${name} AS CHAR CHARACTER SET utf8mb4)`);
    case 'float':
      // As a FLOAT it would be written with six digits; as a double it is exact, and reads back as the same float.
      return doubleText(`${name} * 1e0`);
    case 'double':
      return doubleText(name);
    case 'year':
      return `${name} + 0`;
    case 'bit':
      return `LPAD(BIN(${name} + 0), ${bitLength(column)}, '0')`;
    case 'binary':
      return `CONCAT('\\\\x', LOWER(HEX(${name})))`;
    case 'refused':
      throw new Error(refusal(column));
  }
}

/** With its sign apart: MySQL writes a double into 22 characters, and where the sign takes one of them a digit is lost. */
const doubleText = (expression: string): string => `CONCAT(IF(${expression} < 0, '-', ''), ABS(${expression}))`;

export const refusal = (column: SourceColumn): string =>
  `column ${column.name} has the type ${column.dataType}, which cannot be replicated; leave it out by a rule that removes it`;

/** Backslash first, since the others bring new ones. */
const escaped = (expression: string): string =>
  [
    ['\\', '\\\\'],
    ['\t', '\\t'],
    ['\n', '\\n'],
    ['\r', '\\r'],
  ].reduce(
    (inner, [character, escape]) =>
      `REPLACE(${inner}, ${quoteLiteral(character as string)}, ${quoteLiteral(escape as string)})`,
    `CAST(${expression} AS BINARY)`,
  );
