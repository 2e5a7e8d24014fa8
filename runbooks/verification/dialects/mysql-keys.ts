import type { Key, KeyRange } from '../table-key';
import type { NeutralColumn, NeutralShape } from './dialect';
import { quoted, textBytes } from './mysql-canonical';

interface Condition {
  readonly condition: string;
  readonly values: unknown[];
}

/** What rows are ordered by: the column where both engines order it the same way, else the bytes of its text. */
export function ordering(column: NeutralColumn, { bytewise }: NeutralShape): string {
  return isBytewise(column, bytewise) ? textBytes(column) : quoted(column.name);
}

/** Where one column of a key is ordered by bytes, its whole shape is called so. */
const isBytewise = ({ form, type }: NeutralColumn, bytewise: boolean): boolean =>
  bytewise && (form === 'text' || form === 'bits' || type.name === 'uuid');

/** One value to compare a column with, as a literal of the column's own type: only so its index serves. */
interface Literal {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** A text in the column's own character set and order; what that set lacks becomes a question mark. */
function ownText({ type }: NeutralColumn, text: string): Literal {
  const { characterSet, collation } = type;
  if (characterSet === undefined || collation === undefined) return { sql: '?', values: [text] };
  return { sql: `CONVERT(? USING ${characterSet}) COLLATE ${collation}`, values: [text] };
}

const hyphenated = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, '$1-$2-$3-$4-$5');

function literal(column: NeutralColumn, text: string, bytewise: boolean): Literal {
  const { type } = column;
  if (isBytewise(column, bytewise)) return { sql: 'CAST(? AS BINARY)', values: [text] };
  switch (column.form) {
    case 'boolean':
    case 'digits':
    case 'decimal':
      return { sql: number(text), values: [] };
    case 'bits':
      return { sql: `${/^[01]+$/.test(text) ? BigInt(`0b${text}`) : -1}`, values: [] };
    case 'bytes':
      return { sql: 'UNHEX(?)', values: [text] };
    case 'uuid':
      if (type.name === 'binary') return { sql: 'UNHEX(?)', values: [text] };
      return ownText(column, type.modifier === '32' ? text : hyphenated(text));
    case 'date':
    case 'timestamp':
      return { sql: '?', values: [readable(text)] };
    case 'time':
      return { sql: '?', values: [text] };
    default:
      return ownText(column, text);
  }
}

/** Digits stand in the statement as they are: as a text they would be compared as doubles. */
function number(text: string): string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  const beyondAll = '9'.repeat(65);
  return text.startsWith('-') ? `-${beyondAll}` : beyondAll;
}

/** PostgreSQL's infinities, years of five digits and years before Christ, as the nearest that MySQL can read. */
function readable(text: string): string {
  if (text === '-infinity' || text.endsWith('BC')) return '0000-01-01';
  return /^\d{4}-/.test(text) ? text : '9999-12-31 23:59:59.999999';
}

export function rangeCondition(shape: NeutralShape, range: KeyRange): Condition {
  const parts: string[] = [];
  const values: unknown[] = [];
  const add = (key: Key, last: '>' | '<=') => {
    const compared = compare(shape, key, 0, last);
    parts.push(`(${compared.sql})`);
    values.push(...compared.values);
  };
  if (range.after) add(range.after, '>');
  if (range.upTo) add(range.upTo, '<=');
  return { condition: parts.length > 0 ? parts.join(' AND ') : 'TRUE', values };
}

/** `a > x OR (a = x AND b > y)`: of a comparison of whole rows MySQL makes no use of the index. */
function compare(shape: NeutralShape, key: Key, at: number, last: '>' | '<='): Literal {
  const column = shape.key[at] as NeutralColumn;
  const one = literal(column, key[at] ?? '', shape.bytewise);
  const left = ordering(column, shape);
  if (at === shape.key.length - 1) return { sql: `${left} ${last} ${one.sql}`, values: one.values };
  const rest = compare(shape, key, at + 1, last);
  return {
    sql: `${left} ${last.slice(0, 1)} ${one.sql} OR (${left} = ${one.sql} AND (${rest.sql}))`,
    values: [...one.values, ...one.values, ...rest.values],
  };
}

/**
 * Rows by key, through the column's own index. Its collation may take other keys for the same: the caller drops what it
 * did not ask for.
 */
export function keyCondition({ key: columns }: NeutralShape, keys: readonly Key[]): Condition {
  const values: unknown[] = [];
  const literals = (column: NeutralColumn, text: string): string[] =>
    alternatives(column, text).map((each) => {
      values.push(...each.values);
      return each.sql;
    });
  const [only] = columns;
  if (only && columns.length === 1) {
    const list = keys.flatMap((key) => literals(only, key[0] ?? ''));
    return { condition: `${quoted(only.name)} IN (${list.join(', ')})`, values };
  }
  const each = keys.map((key) =>
    columns.map((column, index) => `${quoted(column.name)} IN (${literals(column, key[index] ?? '').join(', ')})`),
  );
  return { condition: `(${each.map((parts) => `(${parts.join(' AND ')})`).join(' OR ')})`, values };
}

/** A UUID in a text may stand there with capital letters, with hyphens or without. */
function alternatives(column: NeutralColumn, text: string): Literal[] {
  if (column.form !== 'uuid' || column.type.characterSet === undefined) return [literal(column, text, false)];
  const spellings = [text, hyphenated(text)].flatMap((each) => [each, each.toUpperCase()]);
  return [...new Set(spellings)].map((each) => ownText(column, each));
}
