import type * as fc from 'fast-check';

/** Texts as PostgreSQL writes the value; null is NULL. */
export type Value = string | null;

/** A row of the type table: values that stand on both sides, and values that differ: [MySQL, PostgreSQL]. */
export interface TypePair {
  readonly mysql: string;
  readonly postgres: string;
  readonly same: fc.Arbitrary<string>;
  readonly different: readonly (readonly [Value, Value])[];
  /** Values of each side that count as equal though they are written in different ways. */
  readonly alike?: readonly (readonly [Value, Value])[];
}

/** A value as MySQL's own literal. */
export function mysqlLiteral({ mysql }: TypePair, value: Value, quote: (text: string) => string): string {
  if (value === null) return 'NULL';
  if (mysql.startsWith('bit(64)')) return value;
  if (mysql.startsWith('bit')) return `b'${value}'`;
  if (/^binary\(16\)/.test(mysql) && !value.startsWith('\\x')) return `X'${value}'`;
  if (/blob|binary/.test(mysql)) return `X'${value.slice(2)}'`;
  return quote(value);
}
