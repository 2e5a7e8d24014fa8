import type { NeutralColumn } from './dialects/dialect';
import type { Key } from './table-key';

/** A key as the log of either engine prints it, as the statements of the neutral form have it. */
export const canonicalKey = (columns: readonly NeutralColumn[], key: Key): Key =>
  columns.map((column, index) => canonicalText(column, key[index] ?? ''));

function canonicalText({ form, type, counterpart }: NeutralColumn, text: string): string {
  switch (form) {
    case 'boolean':
      return text === 't' || text === 'true' ? '1' : text === 'f' || text === 'false' ? '0' : text;
    case 'digits':
    case 'decimal':
      return withoutZeros(text.replace(/^(-?)0+(?=\d)/, '$1')).replace(/^-0$/, '0');
    case 'bytes':
      return hex(text);
    case 'uuid':
      return hex(text).replaceAll('-', '');
    case 'timestamp':
      return withoutZeros(text.replace('T', ' ').replace(/(Z|\+00(:?00)?)$/, ''));
    case 'time':
      return withoutZeros(text);
    case 'text':
      // A padded character type is printed with its padding, which is not part of the value.
      return [type, counterpart].some(({ name }) => name === 'bpchar') ? text.replace(/ +$/, '') : text;
    default:
      return text;
  }
}

const withoutZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
const hex = (text: string): string => text.replace(/^\\x/, '').toLowerCase();
