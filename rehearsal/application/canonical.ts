import { canonicalJson } from './canonical-json';
import type { NeutralColumn } from './model/neutral-table';

/** Values of one row in the neutral form, by the names of columns. */
export type NeutralRow = Record<string, string | null>;

type Known = Pick<NeutralColumn, 'kind' | 'padded' | 'single' | 'fraction'>;

/**
 * The one text that stands for a value on every engine, made of how an engine (or the maker of values) writes it; of what
 * is neutral already it makes the same. Booleans 0 or 1; numbers without needless zeros, floats by value; instants in
 * UTC without offset and needless zeros; bytes and UUIDs as hexadecimal digits; JSON by its members.
 */
export function canonical(column: Known, text: string | null): string | null {
  if (text === null) return null;
  switch (column.kind) {
    case 'boolean':
      return /^(0|f|false)$/i.test(text) ? '0' : '1';
    case 'integer':
      return /^-?\d+$/.test(text) ? BigInt(text).toString() : text;
    case 'decimal':
      return trimmedDecimal(text);
    case 'float':
      return float(text, column.single ?? false);
    case 'timestamp':
      return trimmedSeconds(text.replace('T', ' ').replace(/(?:Z|[+-]00(?::?00)?)$/, ''), column.fraction);
    case 'time':
      return trimmedSeconds(text, column.fraction);
    case 'bytes':
      return text.replace(/^\\x/, '').toLowerCase();
    case 'uuid':
      return text.replaceAll('-', '').toLowerCase();
    case 'json':
      return canonicalJson(text);
    case 'text':
      return column.padded ? text.replace(/ +$/, '') : text;
    case 'label':
    case 'date':
    case 'bits':
    case 'other':
      return text;
  }
}

function trimmedDecimal(text: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const digits = fraction.replace(/0+$/, '');
  const value = `${BigInt(whole)}${digits === '' ? '' : `.${digits}`}`;
  return text.startsWith('-') && value !== '0' ? `-${value}` : value;
}

function float(text: string, single: boolean): string {
  const value = single ? Math.fround(Number(text)) : Number(text);
  return Object.is(value, -0) ? '0' : String(value);
}

/** Further digits than the column of either side has would be rounded by one engine and kept by the other. */
function trimmedSeconds(text: string, digits = 6): string {
  const [whole = '', fraction = ''] = text.split('.');
  const kept = fraction.slice(0, digits).replace(/0+$/, '');
  return kept === '' ? whole : `${whole}.${kept}`;
}
