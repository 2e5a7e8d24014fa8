import fc from 'fast-check';

/** A column type with what generates values of it, as text that PostgreSQL reads. */
export interface GeneratedColumn {
  name: string;
  type: string;
  value: fc.Arbitrary<string>;
}

const integer = (bits: bigint) => fc.bigInt({ min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n }).map(String);
/** Any code point but NUL, and often what the log's own syntax is made of. */
const character = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => one !== '\0'),
  fc.constantFrom(`'`, '"', '\\', '\n', '\r', '\t', ' ', ':', '[', ']', '{', '}', ',', 'null', '𝄞', 'é', '\u0301'),
);
const text = (maxLength: number) =>
  fc.array(character, { maxLength }).map((all) => [...all.join('')].slice(0, maxLength).join(''));
const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength });
const decimal = (whole: number, scale: number) =>
  fc.tuple(fc.constantFrom('', '-'), digits(whole), digits(scale)).map(([sign, a, b]) => `${sign}${a}.${b}`);
const number = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const pad = (value: number, length = 2) => String(value).padStart(length, '0');
const day = fc
  .date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const clock = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999_999))
  .map(([hour, minute, second, micros]) => `${pad(hour)}:${pad(minute)}:${pad(second)}.${pad(micros, 6)}`);
const infinite = fc.constantFrom('infinity', '-infinity');
const moment = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(day, clock).map(([date, time]) => `${date} ${time}`) },
  { weight: 1, arbitrary: infinite },
  { weight: 1, arbitrary: fc.constant('0044-03-15 12:00:00.000001 BC') },
);
const bits = (length: object) => fc.string({ unit: fc.constantFrom('0', '1'), ...length });
const json = fc.jsonValue().map((value) => JSON.stringify(value).replaceAll('\\u0000', ''));
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const array = (element: fc.Arbitrary<string>) =>
  fc.array(fc.option(element), { maxLength: 4 }).map((all) => `{${all.map(arrayElement).join(',')}}`);
const arrayElement = (value: string | null): string =>
  value === null ? 'NULL' : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Labels of the enum `app.mood`; one needs every kind of quoting. */
export const moods = ['calm', `it's "so\\so"`, 'null', ' spaced, {odd} '];

/** One column for each common type. */
export const generatedColumns: GeneratedColumn[] = [
  { name: 'small', type: 'int2', value: integer(16n) },
  { name: 'whole', type: 'int4', value: integer(32n) },
  { name: 'large', type: 'int8', value: integer(64n) },
  { name: 'exact', type: 'numeric(20,6)', value: decimal(14, 6) },
  {
    name: 'any_scale',
    type: 'numeric',
    value: fc.oneof(decimal(60, 40), fc.constantFrom('NaN', 'Infinity', '-Infinity', '1.500', '0.00')),
  },
  { name: 'single', type: 'float4', value: fc.float().map((value) => (Object.is(value, -0) ? '-0' : String(value))) },
  { name: 'double', type: 'float8', value: fc.double().map((value) => (Object.is(value, -0) ? '-0' : String(value))) },
  { name: 'truth', type: 'boolean', value: fc.boolean().map(String) },
  { name: 'words', type: 'text', value: text(30) },
  { name: 'Short "Words"', type: 'varchar(20)', value: text(20) },
  { name: 'padded', type: 'char(10)', value: text(10) },
  {
    name: 'bytes',
    type: 'bytea',
    value: fc.uint8Array({ maxLength: 40 }).map((all) => `\\x${Buffer.from(all).toString('hex')}`),
  },
  { name: 'day', type: 'date', value: fc.oneof({ weight: 8, arbitrary: day }, { weight: 1, arbitrary: infinite }) },
  { name: 'moment', type: 'timestamp', value: moment },
  { name: 'instant', type: 'timestamptz', value: moment.map((value) => (value.includes(' BC') ? value : value)) },
  { name: 'clock', type: 'time', value: clock },
  {
    name: 'zoned_clock',
    type: 'timetz',
    value: fc.tuple(clock, fc.constantFrom('+00', '-09:30', '+13')).map((both) => both.join('')),
  },
  {
    name: 'span',
    type: 'interval',
    value: fc
      .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -99_999, max: 99_999 }), fc.integer())
      .map(([months, days, micros]) => `${months} mons ${days} days ${micros} microseconds`),
  },
  { name: 'uuid', type: 'uuid', value: fc.uuid() },
  { name: 'raw_json', type: 'json', value: json.map((value) => ` ${value}  `) },
  { name: 'document', type: 'jsonb', value: json },
  { name: 'numbers', type: 'int8[]', value: array(integer(64n)) },
  { name: 'lines', type: 'text[]', value: array(text(6)) },
  { name: 'mood', type: 'app.mood', value: fc.constantFrom(...moods) },
  { name: 'moods', type: 'app.mood[]', value: array(fc.constantFrom(...moods)) },
  { name: 'five_bits', type: 'bit(5)', value: bits({ minLength: 5, maxLength: 5 }) },
  { name: 'some_bits', type: 'varbit', value: bits({ maxLength: 70 }) },
  {
    name: 'address',
    type: 'inet',
    value: fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV4().map((ip) => `${ip}/24`),
    ),
  },
  { name: 'card', type: 'macaddr', value: hex(12) },
  {
    name: 'between',
    type: 'int4range',
    value: fc.tuple(number, number).map(([a, b]) => `[${Math.min(a, b)},${Math.max(a, b)})`),
  },
  { name: 'place', type: 'point', value: fc.tuple(fc.integer(), fc.integer()).map(([x, y]) => `(${x},${y}.5)`) },
  { name: 'code', type: 'app.code', value: fc.string({ unit: fc.constantFrom(...'ABC'), minLength: 3, maxLength: 3 }) },
  // Kept out of line, so an update of another column leaves it out of the log.
  {
    name: 'huge',
    type: 'text',
    value: fc.tuple(text(8), fc.nat(5)).map(([piece, times]) => `${piece}|`.repeat(times * 300)),
  },
];
