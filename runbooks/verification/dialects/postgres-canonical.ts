import { agreementOf } from '../../../definition/replication/conversions';
import type { ComparedColumn, ConvertedFrom, NativeColumn } from './dialect';

/** An identifier out of the catalogue, quoted. */
export const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** Name of a type for casts. Without its modifier: `bpchar` is not `char(1)`, `numeric` keeps every digit. */
export const typeName = ({ type }: Pick<ComparedColumn, 'type'>): string =>
  `${quoted(type.schema)}.${quoted(type.name)}`;

/**
 * The column as a value of a built-in type, whose binary form (`record_send`) is the same in every version and under
 * every session setting: integers and floats bit by bit, times as microseconds, numerics digit by digit with their
 * scale. What has no such form (enums, arrays, composites, extensions) is printed under fixed settings.
 */
export function canonical(column: NativeColumn): string {
  const name = quoted(column.name);
  switch (column.form) {
    case 'integer':
      return column.sameDeclaration ? base(column, name) : `${name}::int8`;
    case 'decimal':
      // The declared scale gives the trailing zeros: they count only where both sides declare the same.
      return column.sameDeclaration ? base(column, name) : `trim_scale(${name}::numeric)`;
    case 'float':
      return float(name, column.sameDeclaration ? column.type.name : 'float8');
    case 'text':
    case 'printed':
      return `${name}::text`;
    case 'bits':
      return `${name}::pg_catalog.varbit`;
    case 'converted':
      return column.from ? agreement(column.from, name) : 'true';
    case 'boolean':
    case 'bytes':
    case 'date':
    case 'timestamp':
    case 'instant':
    case 'time':
    case 'time with zone':
    case 'interval':
    case 'uuid':
    case 'json text':
    case 'json value':
    case 'same type':
      return base(column, name);
  }
}

/** A domain becomes what it stands on: its own OID differs from side to side. */
const base = (column: NativeColumn, name: string): string => `${name}::${typeName(column)}`;

/** All NaN are one value to PostgreSQL, whatever their bits; −0 and 0 print differently and stay two. */
const float = (name: string, type: string): string =>
  `CASE WHEN ${name} = 'NaN' THEN 'NaN'::pg_catalog.${type} ELSE ${name}::pg_catalog.${type} END`;

export const agreement = (from: ConvertedFrom, to: string): string => agreementOf(from, quoted(from.column), to);

/** Settings that printed text depends on, for the transaction of the statement. */
const settings = {
  DateStyle: 'ISO, YMD',
  TimeZone: 'UTC',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  xmlbinary: 'base64',
} as const;

/**
 * A condition that is always true and sets the session before anything else of the statement runs: an uncorrelated
 * subquery is evaluated once, by a one-time filter above the scan.
 */
export const settingsCondition = `(SELECT ${Object.entries(settings)
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(' || ')}) IS NOT NULL`;
