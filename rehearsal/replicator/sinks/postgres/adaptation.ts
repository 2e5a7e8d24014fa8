import type { Value } from '../../row-change';
import type { Route } from '../../table-mappings/route';
import type { TargetTable } from './target-table';

/** Rewrites a value's text for the target's column. */
export type Adaptation = (text: string) => string;

/** `\x…` of a BINARY(16); a uuid that came as text stays. */
const uuidFromBytes: Adaptation = (text) => (text.startsWith('\\x') ? text.slice(2) : text);
const numberFromBits: Adaptation = (text) => BigInt(`0b${text}`).toString();

/**
 * What PostgreSQL's own reading of a text does not do. Everything else it takes as it comes: 0 and 1 as boolean, digits
 * as any number, a date and time in UTC as either timestamp.
 */
const byTargetType: Readonly<Record<string, { from: 'any' | 'bits'; adapt: Adaptation }>> = {
  uuid: { from: 'any', adapt: uuidFromBytes },
  int2: { from: 'bits', adapt: numberFromBits },
  int4: { from: 'bits', adapt: numberFromBits },
  int8: { from: 'bits', adapt: numberFromBits },
  numeric: { from: 'bits', adapt: numberFromBits },
};

/** How values for this column of the target are rewritten; undefined when they are written as they come. */
export function adaptationOf(table: TargetTable, route: Route, column: string): Adaptation | undefined {
  const rule = byTargetType[table.columns.get(column)?.type ?? ''];
  return rule && (rule.from === 'any' || route.bitColumns.has(column)) ? rule.adapt : undefined;
}

export const adapt = (value: Value, adaptation: Adaptation | undefined): Value =>
  typeof value === 'string' && adaptation ? adaptation(value) : value;
