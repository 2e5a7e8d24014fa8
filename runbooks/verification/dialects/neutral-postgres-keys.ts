import type { Key } from '../table-key';
import type { NeutralColumn } from './dialect';
import { plain } from './neutral-postgres';
import { quoted, typeName } from './postgres-canonical';

/** What rows are ordered by: the column where both engines order it the same way, else the bytes of its text. */
export function ordering(column: NeutralColumn): string {
  if (column.form === 'boolean') return `${quoted(column.name)}::int4`;
  return isTextual(column) ? `${plain(column)} COLLATE "C"` : quoted(column.name);
}

const isTextual = ({ form }: NeutralColumn): boolean => form === 'text' || form === 'bits';

/** A parameter as something to compare the ordering with. */
export function bound(column: NeutralColumn, parameter: string): string {
  const text = `${parameter}::text`;
  switch (column.form) {
    case 'boolean':
    case 'digits':
      // Any integer column takes an int8; what the other engine has beyond is cut to that.
      return `${text}::int8`;
    case 'decimal':
      return column.type.name === 'numeric' ? `${text}::numeric` : `${text}::int8`;
    case 'bytes':
      return `decode(${text}, 'hex')`;
    case 'timestamp':
      return column.type.name === 'timestamptz' ? `(${text}::timestamp AT TIME ZONE 'UTC')` : `${text}::timestamp`;
    case 'date':
    case 'time':
    case 'uuid':
      return `${text}::${typeName(column)}`;
    default:
      return `${text} COLLATE "C"`;
  }
}

/** Rows by key: an index serves where the column is compared as what it is; the caller drops what only looks the same. */
export function lookup(column: NeutralColumn): { column: string; asked(parameter: string): string } {
  if (column.form === 'text' && column.type.kind !== 'enum') {
    return { column: quoted(column.name), asked: (parameter) => `${parameter}::${typeName(column)}` };
  }
  return { column: ordering(column), asked: (parameter) => bound(column, parameter) };
}

const int8 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

/** Key texts of the other engine that PostgreSQL cannot read, as the nearest that it can: no row of it has such a key. */
export const readable = (columns: readonly NeutralColumn[], key: Key): string[] =>
  columns.map((column, index) => readableText(column, key[index] ?? ''));

function readableText({ form, type }: NeutralColumn, text: string): string {
  switch (form) {
    case 'digits':
    case 'decimal': {
      if (type.name === 'numeric' || !/^-?\d+(\.\d+)?$/.test(text)) return text;
      const whole = BigInt(text.replace(/\..*/, ''));
      return String(whole < int8.least ? int8.least : whole > int8.most ? int8.most : whole);
    }
    case 'date':
    case 'timestamp':
      if (text.startsWith('0000')) return '-infinity';
      return text.replaceAll(/-00(?=-| |$)/g, '-01');
    case 'time':
      if (text.startsWith('-')) return '00:00:00';
      return Number(text.split(':', 1)[0]) >= 24 ? '24:00:00' : text;
    default:
      return text.replaceAll('\0', '');
  }
}
