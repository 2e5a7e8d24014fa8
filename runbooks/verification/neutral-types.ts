import type { ColumnType } from './type-table';

/**
 * How a value is written when one side is MySQL or MariaDB, so that equal values give equal texts in both engines and
 * different ones different texts:
 *
 * | form | text |
 * |---|---|
 * | boolean, digits | whole digits; `tinyint(1)` keeps its number, so 2 is not true |
 * | decimal | digits without the trailing zeros that a declared scale gives |
 * | float | shortest text of the double; −0 is 0. NaN and infinities exist in PostgreSQL only |
 * | text | characters in UTF-8; `char` without the padding that its engine hides |
 * | bytes, address | hex digits |
 * | uuid | 32 lower-case hex digits, whatever letters and hyphens a text holds |
 * | date, timestamp, time | ISO, in UTC, without trailing zeros of the fraction; a zero date is a text of its own |
 * | bits | binary digits |
 * | json | the parsed value: order of names, white space, escapes and notation of numbers do not count |
 * | converted | whether it agrees with the column beside it that it is converted from |
 *
 * The engines write the same double the same way only from 1e-3 up to 1e15: other doubles, and JSON, are left out of the
 * digest and compared one by one in Node.
 */
export type NeutralForm =
  | 'boolean'
  | 'digits'
  | 'decimal'
  | 'float'
  | 'text'
  | 'bytes'
  | 'address'
  | 'uuid'
  | 'date'
  | 'timestamp'
  | 'time'
  | 'bits'
  | 'json'
  | 'converted';

interface Row {
  readonly form: NeutralForm;
  readonly mysql: readonly string[];
  readonly postgres: readonly string[];
  /** The form hides what two columns of MySQL may differ in. */
  readonly acrossOnly?: true;
}

const wholeNumbers = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'year'];
const integers = ['int2', 'int4', 'int8'];
const longTexts = ['text', 'mediumtext', 'longtext'];
const longBytes = ['blob', 'mediumblob', 'longblob'];
const texts = ['char', 'varchar', 'tinytext', ...longTexts];

/** The first row that holds both types decides. */
const table: readonly Row[] = [
  { form: 'boolean', mysql: ['tinyint(1)', 'bit(1)'], postgres: ['bool'] },
  { form: 'digits', mysql: wholeNumbers, postgres: integers },
  { form: 'decimal', mysql: [...wholeNumbers, 'decimal'], postgres: [...integers, 'numeric'] },
  { form: 'bits', mysql: ['bit'], postgres: ['bit', 'varbit'] },
  { form: 'decimal', mysql: ['bit'], postgres: ['int8', 'numeric'] },
  { form: 'float', mysql: ['float', 'double'], postgres: ['float4', 'float8'] },
  {
    form: 'text',
    mysql: [...texts, 'enum', 'set', 'uuid', 'inet4', 'inet6'],
    postgres: ['text', 'varchar', 'bpchar', 'citext', 'enum'],
  },
  { form: 'bytes', mysql: ['binary', 'varbinary', 'tinyblob', ...longBytes], postgres: ['bytea'] },
  {
    form: 'uuid',
    mysql: ['uuid', 'binary(16)', 'char(36)', 'char(32)', 'varchar(36)', 'varchar(32)'],
    postgres: ['uuid'],
    acrossOnly: true,
  },
  { form: 'address', mysql: ['inet4', 'inet6'], postgres: ['inet'] },
  { form: 'date', mysql: ['date'], postgres: ['date'] },
  { form: 'timestamp', mysql: ['datetime', 'timestamp'], postgres: ['timestamp', 'timestamptz'] },
  { form: 'time', mysql: ['time'], postgres: ['time'] },
  { form: 'json', mysql: ['json', 'tinytext', ...longTexts], postgres: ['json', 'jsonb'] },
];

export interface NeutralPairing {
  readonly form: NeutralForm;
  readonly long: boolean;
}

/** How two columns are compared of which at least one is MySQL's, or undefined when the table does not hold the pair. */
export function pairNeutralTypes(one: ColumnType, two: ColumnType): NeutralPairing | undefined {
  const within = one.family === two.family;
  const row = table.find((each) => !(within && each.acrossOnly) && holds(each, one) && holds(each, two));
  // A float read as a double of MySQL's is another number than its digits.
  if (!row || (within && row.form === 'float' && one.name !== two.name)) return undefined;
  const isLong = ({ family, name }: ColumnType) => family === 'mysql' && [...longTexts, ...longBytes].includes(name);
  return { form: row.form, long: (row.form === 'text' || row.form === 'bytes') && (isLong(one) || isLong(two)) };
}

const holds = (row: Row, type: ColumnType): boolean => {
  if (type.family === 'mysql') {
    return row.mysql.includes(type.name) || row.mysql.includes(`${type.name}(${type.modifier})`);
  }
  if (type.kind === 'enum') return row.postgres.includes('enum');
  const known = type.kind === 'base' && (type.schema === 'pg_catalog' || type.name === 'citext');
  return known && row.postgres.includes(type.name);
};

/** Forms and types in which no key can be asked for; bits that are a number on the other side are logged as two things. */
export const isKeyType = (form: NeutralForm, types: readonly ColumnType[]): boolean =>
  !['float', 'json', 'address', 'converted'].includes(form) &&
  !(form === 'decimal' && types.some(({ name }) => name === 'bit'));
export const isComparedByValue = (form: NeutralForm): boolean => form === 'float' || form === 'json';
