import type { TypeCastField, TypeCastNext } from 'mysql2';

export type TextRow = Record<string, string | null>;

const textual = new Set([
  'VARCHAR',
  'VAR_STRING',
  'STRING',
  'ENUM',
  'SET',
  'TINY_BLOB',
  'MEDIUM_BLOB',
  'LONG_BLOB',
  'BLOB',
]);
const bytes = new Set(['BIT', 'GEOMETRY', 'VECTOR']);

const hex = (value: Buffer | null): string | null => value && value.toString('hex');

/**
 * All values stay the server's text: nothing is lost in JavaScript's numbers and dates. What is no text (binary strings,
 * bits, geometries) comes as lower-case hex.
 */
export function asText(field: TypeCastField, next: TypeCastNext): string | null {
  if (bytes.has(field.type)) return hex(field.buffer());
  if (!textual.has(field.type)) return field.string('utf8');
  // The field does not tell its character set; the driver's own parser makes a buffer of what has none.
  const value = next() as Buffer | string | null;
  return Buffer.isBuffer(value) ? hex(value) : value;
}
