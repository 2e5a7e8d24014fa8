import type { NeutralColumn } from './dialect';
import { agreement, quoted } from './postgres-canonical';
import { nullTag, valueTag } from './row-text';

/** The column as its form has it; null stays null. Printed under fixed settings. */
export function plain(column: NeutralColumn): string {
  const name = quoted(column.name);
  switch (column.form) {
    case 'boolean':
      return `${name}::int4::text`;
    case 'decimal':
      return column.type.name === 'numeric' ? `trim_scale(${name})::text` : `${name}::text`;
    case 'float':
      return `(${double(column)})::text`;
    case 'bytes':
      return `encode(${name}, 'hex')`;
    case 'uuid':
      return `replace(${name}::text, '-', '')`;
    case 'timestamp':
      return column.type.name === 'timestamptz' ? `(${name} AT TIME ZONE 'UTC')::text` : `${name}::text`;
    case 'address':
      // The bytes alone; with a netmask it is no address, and no value of the other side.
      return (
        `CASE WHEN masklen(${name}) = CASE family(${name}) WHEN 4 THEN 32 ELSE 128 END ` +
        `THEN encode(substr(inet_send(${name}), 5), 'hex') ELSE ${name}::text END`
      );
    case 'converted':
      return column.from ? `${agreement(column.from, name)}::int4::text` : `'1'`;
    case 'digits':
    case 'text':
    case 'date':
    case 'time':
    case 'bits':
    case 'json':
      return `${name}::text`;
  }
}

/** What stands for the column in the row's text, and is null where the column is. */
function marked(column: NeutralColumn): string {
  const [name, text] = [quoted(column.name), plain(column)];
  if (column.form === 'json') return `CASE WHEN ${name} IS NOT NULL THEN '${valueTag}' END`;
  if (column.form === 'float') {
    const isZero = `WHEN ${name} = 0 THEN '0'`;
    return `CASE ${isZero} WHEN ${isExtreme(column)} THEN '${valueTag}' ELSE ${text} END`;
  }
  if (column.long) {
    const bytes = column.form === 'bytes' ? name : `convert_to(${text}, 'UTF8')`;
    return `encode(sha256(${bytes}), 'hex')`;
  }
  return ['text', 'uuid', 'address'].includes(column.form) ? `char_length(${text}) || ':' || ${text}` : text;
}

export const part = (column: NeutralColumn): string => `coalesce(${marked(column)}, '${nullTag}')`;

/** A finite double that the engines do not write alike. */
const isExtreme = (column: NeutralColumn): string => {
  const value = `abs(${double(column)})`;
  const outside = `(${value} < 0.001::float8 OR ${value} >= 1e15::float8)`;
  return `(${value} > 0 AND ${value} < 'Infinity'::float8 AND ${outside})`;
};

/** When the value is compared one by one. */
export const isValued = (column: NeutralColumn): string =>
  column.form === 'json' ? `${quoted(column.name)} IS NOT NULL` : `coalesce(${isExtreme(column)}, false)`;

/**
 * The number whose digits the other side has. Where one side is narrower, replication brings the shortest digits: a
 * narrow 0.1 is as good as a wide 0.1, though the wide one has further digits.
 */
function double(column: NeutralColumn): string {
  const name = quoted(column.name);
  const otherIsNarrow = ['float', 'float4'].includes(column.counterpart.name);
  if (column.type.name === 'float4') return otherIsNarrow ? `${name}::float8` : `${name}::text::float8`;
  if (!otherIsNarrow) return `${name}::float8`;
  const narrow = `CASE WHEN ${name}::float4::text::float8 = ${name} THEN ${name}::float4::float8 ELSE ${name} END`;
  return `CASE WHEN abs(${name}) > 1.2e-38 AND abs(${name}) < 3.4e38 THEN ${narrow} ELSE ${name} END`;
}
