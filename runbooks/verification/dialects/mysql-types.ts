import type { ColumnType } from '../type-table';

/** A column's type as the information schema tells it. */
export interface DeclaredType {
  /** `bigint`, `varchar`. */
  readonly dataType: string;
  /** `bigint(20) unsigned zerofill`, `enum('a','b')`. */
  readonly columnType: string;
  readonly characterSet?: string;
  readonly collation?: string;
  /** Digits behind the point, of numbers and of seconds. */
  readonly scale: number;
}

const synonyms: Readonly<Record<string, string>> = { integer: 'int', real: 'double', numeric: 'decimal' };

export function typeOf({ dataType, columnType, characterSet, collation, scale }: DeclaredType): ColumnType {
  const lower = dataType.toLowerCase();
  const name = synonyms[lower] ?? lower;
  const modifier = /^[a-z0-9 ]+\((\d+)/.exec(columnType)?.[1];
  const padded = /\bzerofill\b/.test(columnType);
  return {
    ...{ family: 'mysql', schema: 'mysql', kind: 'base', name, modifier, padded, scale, characterSet, collation },
    title: /^(enum|set)\(/.test(columnType) ? name : columnType,
  };
}
