import type { ColumnType } from '../../verification/type-table';
import { wholeNumbers, type Capacity } from './capacity';
import type { ColumnDefault } from './model';

/** What the type modifier of a text, a number or a time says. */
const fourBytes = 4;

/** Declared digits of the second; all six where none are declared. */
const digitsOf = (modifier: number | undefined): number => modifier ?? 6;

export function postgresCapacity(type: ColumnType, labels: readonly string[]): Capacity {
  const modifier = type.modifier === undefined ? undefined : Number(type.modifier);
  if (type.kind === 'enum') return { kind: 'labels', labels };
  if (type.kind !== 'base') return { kind: 'other' };
  switch (type.name) {
    case 'bool':
      return { kind: 'boolean' };
    case 'int2':
      return wholeNumbers(16, false);
    case 'int4':
      return wholeNumbers(32, false);
    case 'int8':
      return wholeNumbers(64, false);
    case 'numeric': {
      if (modifier === undefined) return { kind: 'decimal' };
      const packed = modifier - fourBytes;
      // From PostgreSQL 15 on the scale has eleven bits and a sign.
      const scale = ((packed & 0x7ff) ^ 0x400) - 0x400;
      return { kind: 'decimal', digits: (packed >> 16) & 0xffff, scale };
    }
    case 'float4':
      return { kind: 'float', bits: 24 };
    case 'float8':
      return { kind: 'float', bits: 53 };
    case 'text':
    case 'citext':
      return { kind: 'text' };
    case 'varchar':
    case 'bpchar': {
      const characters = modifier === undefined ? undefined : modifier - fourBytes;
      return { kind: 'text', characters, padded: type.name === 'bpchar' };
    }
    case 'bytea':
      return { kind: 'bytes' };
    case 'bit':
      return { kind: 'bits', length: modifier, exactly: true };
    case 'varbit':
      return { kind: 'bits', length: modifier };
    case 'date':
      return { kind: 'moment', of: 'date', digits: 0 };
    case 'timestamp':
    case 'timestamptz':
      return { kind: 'moment', of: 'timestamp', digits: digitsOf(modifier) };
    case 'time':
      return { kind: 'time', digits: digitsOf(modifier) };
    case 'inet':
      return { kind: 'address' };
    case 'json':
    case 'jsonb':
      return { kind: 'json' };
    case 'uuid':
      return { kind: 'uuid' };
    default:
      return { kind: 'other' };
  }
}

const now =
  /^(now\(\)|transaction_timestamp\(\)|statement_timestamp\(\)|clock_timestamp\(\)|current_(timestamp|date|time)|local(timestamp|time))/i;

/** A default as PostgreSQL prints it: casts say nothing that the column's type does not. */
export function postgresDefault(printed: string): ColumnDefault | undefined {
  let text = printed.trim();
  for (;;) {
    const bare = text
      .replace(/::(?:[a-z_][\w. ]*|"[^"]+"(?:\."?[^"]+"?)?)(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])?$/i, '')
      .replace(/^\((.*)\)$/s, '$1');
    if (bare === text) break;
    text = bare;
  }
  if (/^null$/i.test(text)) return undefined;
  if (now.test(text) || /^timezone\('utc'[^,]*, now\(\)\)$/i.test(text) || /^\(?now\(\) AT TIME ZONE 'utc'/i.test(text))
    return { kind: 'now' };
  if (/^(gen_random_uuid|uuid_generate_v4|public\.uuid_generate_v4)\(\)$/i.test(text)) return { kind: 'uuid' };
  const quoted = /^[BE]?'((?:[^']|'')*)'$/s.exec(text);
  if (quoted) return { kind: 'literal', text: (quoted[1] as string).replaceAll("''", "'") };
  if (/^-?[\d.]+$/.test(text) || /^(true|false)$/i.test(text)) return { kind: 'literal', text: text.toLowerCase() };
  return { kind: 'expression', text: printed };
}
