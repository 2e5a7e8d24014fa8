import fc from 'fast-check';

/** A MySQL type beside its type in PostgreSQL, with values as SQL text; `shown` turns a value of the source into the target's text. */
export interface TypePair {
  readonly name: string;
  readonly mysql: string;
  readonly postgres: string;
  readonly value: fc.Arbitrary<string>;
  /** What to compare on the source; `?` stands for the column. */
  readonly onSource?: string;
  readonly onTarget?: string;
}

const whole = (min: bigint, max: bigint) =>
  fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n)).map(String);
const bytes = (exactly?: number) =>
  fc
    .uint8Array(exactly === undefined ? { maxLength: 20 } : { minLength: exactly, maxLength: exactly })
    .map((all) => `x'${Buffer.from(all).toString('hex')}'`);
const quoted = (text: string): string => `CONVERT(x'${Buffer.from(text).toString('hex')}' USING utf8mb4)`;
const character = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  fc.constantFrom('\\', '\t', '\n', '\r', "'", '"', '\\N', '\u0008', '\v', '\f', ' ', '𝄞', 'é', '\u0301', ','),
);
const text = (most: number) =>
  fc.array(character, { maxLength: most }).map((all) => quoted(all.join('').replaceAll('\0', '')));
const pad = (value: number, length = 2) => String(value).padStart(length, '0');
const micros = fc.oneof(fc.nat(999_999), fc.constantFrom(0, 1, 100_000)).map((value) => pad(value, 6));
const day = fc
  .date({ min: new Date('1000-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const clock = fc.tuple(fc.nat(23), fc.nat(59), fc.nat(59)).map((parts) => parts.map((part) => pad(part)).join(':'));
const instant = fc
  .date({ min: new Date('1970-01-01T00:00:02Z'), max: new Date('2038-01-19T03:14:07Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19).replace('T', ' '));
const json = fc
  .jsonValue({ depthSize: 'small' })
  .map((value) =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.replaceAll('\0', '') : part)),
  )
  .filter((written) => !written.includes('\\u'));
const numbers = fc.constantFrom(
  '{"n": 12345678901234567890, "d": 1.50, "s": [-9223372036854775808, 1e22, 0.1]}',
  '[]',
  '{}',
);
const latin1 = fc.uint8Array({ maxLength: 20 }).map((all) => all.map((byte) => byte || 1));
/** MySQL itself, unlike MariaDB, writes doubles with exponents of three digits with their last digit off. */
const ordinary = (value: number): boolean => value === 0 || (Math.abs(value) > 1e-90 && Math.abs(value) < 1e90);
const float32 = fc.float({ noDefaultInfinity: true, noNaN: true }).filter(ordinary).map(String);
const hundredths = fc.integer({ min: -9_999_999, max: 9_999_999 }).map((value) => String(value / 100));
const float64 = fc
  .double({ noDefaultInfinity: true, noNaN: true, min: -1e300, max: 1e300 })
  .filter(ordinary)
  .map((value) => value.toExponential());

export const typePairs: readonly TypePair[] = [
  { name: 'tiny', mysql: 'tinyint', postgres: 'int2', value: whole(-128n, 127n) },
  { name: 'small', mysql: 'smallint unsigned', postgres: 'int4', value: whole(0n, 65_535n) },
  { name: 'medium', mysql: 'mediumint', postgres: 'int4', value: whole(-(2n ** 23n), 2n ** 23n - 1n) },
  { name: 'usual', mysql: 'int unsigned', postgres: 'int8', value: whole(0n, 2n ** 32n - 1n) },
  { name: 'large', mysql: 'bigint', postgres: 'int8', value: whole(-(2n ** 63n), 2n ** 63n - 1n) },
  { name: 'largest', mysql: 'bigint unsigned', postgres: 'numeric(20)', value: whole(0n, 2n ** 64n - 1n) },
  {
    name: 'amount',
    mysql: 'decimal(38,10)',
    postgres: 'numeric(38,10)',
    value: whole(-(10n ** 38n) + 1n, 10n ** 38n - 1n).map((digits) => {
      const filled = digits.replace('-', '').padStart(11, '0');
      return `${digits.startsWith('-') ? '-' : ''}${filled.slice(0, -10)}.${filled.slice(-10)}`;
    }),
  },
  {
    name: 'single',
    mysql: 'float',
    postgres: 'float4',
    value: float32,
    onSource: `CONCAT(IF(? < 0, '-', ''), ABS(? * 1e0))`,
    onTarget: '?::float8',
  },
  {
    name: 'wide single',
    mysql: 'float',
    postgres: 'float8',
    value: float32,
    onSource: `CONCAT(IF(? < 0, '-', ''), ABS(? * 1e0))`,
  },
  {
    name: 'rounded single',
    mysql: 'float(7,2)',
    postgres: 'float8',
    value: hundredths,
    onSource: `CONCAT(IF(? < 0, '-', ''), ABS(? * 1e0))`,
  },
  {
    name: 'rounded double',
    mysql: 'double(12,2)',
    postgres: 'float8',
    value: hundredths,
    onTarget: '?::numeric(12,2)',
  },
  {
    name: 'double',
    mysql: 'double',
    postgres: 'float8',
    value: float64,
    onSource: `CONCAT(IF(? < 0, '-', ''), ABS(?))`,
  },
  { name: 'truth', mysql: 'tinyint(1)', postgres: 'boolean', value: fc.constantFrom('0', '1'), onTarget: '?::int' },
  {
    name: 'one_bit',
    mysql: 'bit(1)',
    postgres: 'boolean',
    value: fc.constantFrom("b'0'", "b'1'"),
    onSource: '?+0',
    onTarget: '?::int',
  },
  {
    name: 'bits',
    mysql: 'bit(11)',
    postgres: 'bit(11)',
    value: whole(0n, 2047n),
    onSource: "LPAD(BIN(?+0), 11, '0')",
    onTarget: '?::text',
  },
  { name: 'counted_bits', mysql: 'bit(64)', postgres: 'numeric', value: whole(0n, 2n ** 64n - 1n), onSource: '?+0' },
  {
    name: 'year',
    mysql: 'year',
    postgres: 'int2',
    value: fc.constantFrom('0', '1901', '2024', '2155'),
    onSource: '?+0',
  },
  { name: 'day', mysql: 'date', postgres: 'date', value: day.map((value) => `'${value}'`) },
  {
    name: 'moment',
    mysql: 'datetime(6)',
    postgres: 'timestamp',
    value: fc.tuple(day, clock, micros).map(([d, c, m]) => `'${d} ${c}.${m}'`),
    onTarget: `to_char(?, 'YYYY-MM-DD HH24:MI:SS.US')`,
  },
  {
    name: 'tenths',
    mysql: 'datetime(1)',
    postgres: 'timestamp',
    value: fc.tuple(day, clock, fc.nat(9)).map(([d, c, m]) => `'${d} ${c}.${m}'`),
    onTarget: `to_char(?, 'YYYY-MM-DD HH24:MI:SS.FF1')`,
  },
  {
    name: 'instant',
    mysql: 'timestamp(3) NULL',
    postgres: 'timestamptz',
    value: fc.tuple(instant, fc.nat(999)).map(([i, m]) => `'${i}.${pad(m, 3)}'`),
    onTarget: `to_char(?, 'YYYY-MM-DD HH24:MI:SS.MS')`,
  },
  {
    name: 'clock',
    mysql: 'time(6)',
    postgres: 'time',
    value: fc.tuple(clock, micros).map((parts) => `'${parts.join('.')}'`),
    onTarget: `to_char(?, 'HH24:MI:SS.US')`,
  },
  {
    name: 'long clock',
    mysql: 'time(2)',
    postgres: 'text',
    value: fc
      .tuple(fc.constantFrom('', '-'), fc.nat(837), fc.nat(59), fc.nat(59), fc.nat(99))
      .map(([sign, h, m, s, f]) => `'${sign}${pad(h)}:${pad(m)}:${pad(s)}.${pad(f)}'`),
  },
  {
    name: 'long whole clock',
    mysql: 'time',
    postgres: 'text',
    value: fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.nat(837),
        fc.oneof(fc.nat(59), fc.constant(0)),
        fc.oneof(fc.nat(59), fc.constant(0)),
      )
      .map(([sign, h, m, s]) => `'${sign}${pad(h)}:${pad(m)}:${pad(s)}'`),
  },
  { name: 'fixed', mysql: 'char(20)', postgres: 'text', value: text(8) },
  { name: 'words', mysql: 'varchar(60)', postgres: 'varchar(60)', value: text(20) },
  { name: 'odd "na`me\\"', mysql: 'mediumtext', postgres: 'text', value: text(60) },
  {
    name: 'western',
    mysql: 'varchar(30) CHARACTER SET latin1',
    postgres: 'text',
    value: latin1.map((all) => `CONVERT(x'${Buffer.from(all).toString('hex')}' USING latin1)`),
    onSource: 'CONVERT(? USING utf8mb4)',
  },
  {
    name: 'plain',
    mysql: 'varchar(20) CHARACTER SET ascii',
    postgres: 'text',
    value: fc.string({ maxLength: 20 }).map(quoted),
    onSource: 'CONVERT(? USING utf8mb4)',
  },
  {
    name: 'cyrillic',
    mysql: 'text CHARACTER SET cp1251',
    postgres: 'text',
    value: fc.constantFrom('Привет', 'Ж€', '').map(quoted),
    onSource: 'CONVERT(? USING utf8mb4)',
  },
  {
    name: 'sixteen',
    mysql: 'varchar(10) CHARACTER SET utf16',
    postgres: 'text',
    value: fc.constantFrom('é𝄞', 'a', '').map(quoted),
    onSource: 'CONVERT(? USING utf8mb4)',
  },
  {
    name: 'sixteen as MariaDB alone orders it',
    mysql: 'varchar(10) CHARACTER SET utf16 /*M! COLLATE utf16_nopad_bin */',
    postgres: 'text',
    value: fc.constantFrom('é𝄞', 'a', '').map(quoted),
    onSource: 'CONVERT(? USING utf8mb4)',
  },
  {
    name: 'label as MariaDB alone orders it',
    mysql: `enum('Ã©','b') CHARACTER SET utf16 /*M! COLLATE utf16_nopad_bin */`,
    postgres: 'text',
    value: fc.constantFrom('Ã©', 'b').map(quoted),
    onSource: 'CONVERT(? USING utf8mb4)',
  },
  {
    name: 'raw',
    mysql: 'varbinary(20)',
    postgres: 'bytea',
    value: bytes(),
    onSource: 'LOWER(HEX(?))',
    onTarget: `encode(?, 'hex')`,
  },
  {
    name: 'padded raw',
    mysql: 'binary(6)',
    postgres: 'bytea',
    value: bytes(4),
    onSource: 'LOWER(HEX(?))',
    onTarget: `encode(?, 'hex')`,
  },
  {
    name: 'blob',
    mysql: 'blob',
    postgres: 'bytea',
    value: bytes(),
    onSource: 'LOWER(HEX(?))',
    onTarget: `encode(?, 'hex')`,
  },
  {
    name: 'id in bytes',
    mysql: 'binary(16)',
    postgres: 'uuid',
    value: bytes(16),
    onSource: 'LOWER(HEX(?))',
    onTarget: `replace(?::text, '-', '')`,
  },
  { name: 'id in text', mysql: 'char(36)', postgres: 'uuid', value: fc.uuid().map((value) => `'${value}'`) },
  {
    name: 'label',
    mysql: `enum('a','b,''c"','d\\\\e','ж')`,
    postgres: 'text',
    value: fc.constantFrom(`'a'`, `'b,''c"'`, `'d\\\\e'`, `'ж'`),
  },
  {
    name: 'labels',
    mysql: `set('x','y z','''q')`,
    postgres: 'text',
    value: fc.constantFrom(`''`, `'x'`, `'x,y z,''q'`),
  },
  {
    name: 'document',
    mysql: 'json',
    postgres: 'jsonb',
    value: fc.oneof(json, numbers).map(quoted),
    onSource: 'json',
    onTarget: 'json',
  },
];
