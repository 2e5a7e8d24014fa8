import { canonicalKey } from '../../../runbooks/verification/canonical-key';
import type { NeutralColumn } from '../../../runbooks/verification/dialects/dialect';
import { typeOf } from '../../../runbooks/verification/dialects/mysql-types';
import { jsonValue } from '../../../runbooks/verification/json-value';
import { pairNeutralTypes } from '../../../runbooks/verification/neutral-types';
import type { ColumnType } from '../../../runbooks/verification/type-table';

const mysql = (columnType: string): ColumnType =>
  typeOf({ dataType: /^[a-z0-9]+/.exec(columnType)?.[0] ?? '', columnType, scale: 0 });
const postgres = (name: string): ColumnType => ({ name, schema: 'pg_catalog', kind: 'base', title: name });
const form = (one: ColumnType, two: ColumnType) => pairNeutralTypes(one, two)?.form;

test.each([
  ['tinyint(1)', 'bool', 'boolean'],
  ['tinyint(1)', 'int2', 'digits'],
  ['bit(1)', 'bool', 'boolean'],
  ['bit(9)', 'varbit', 'bits'],
  ['bit(9)', 'int8', 'decimal'],
  ['bigint(20) unsigned', 'numeric', 'decimal'],
  ['varchar(32)', 'text', 'text'],
  ['varchar(36)', 'uuid', 'uuid'],
  ['binary(16)', 'bytea', 'bytes'],
  ['binary(16)', 'uuid', 'uuid'],
  ['longtext', 'jsonb', 'json'],
  ['inet6', 'inet', 'address'],
])('%s and %s are compared as %s', (one, two, expected) => {
  expect(form(mysql(one), postgres(two))).toBe(expected);
  expect(form(postgres(two), mysql(one))).toBe(expected);
});

test.each([
  ['tinyint(4)', 'bool'],
  ['bit(2)', 'bool'],
  ['binary(17)', 'uuid'],
  ['char(35)', 'uuid'],
  ['geometry', 'bytea'],
  ['datetime', 'date'],
  ['time', 'interval'],
  ['bigint', 'interval'],
  ['double', 'numeric'],
  ['varchar(9)', 'int4'],
  ['json', 'text'],
  ['blob', 'text'],
])('%s and %s are no pair: nothing is guessed', (one, two) => {
  expect(form(mysql(one), postgres(two))).toBeUndefined();
});

test('two columns of MySQL are compared as what they are, not as what PostgreSQL would make of them', () => {
  expect(form(mysql('char(36)'), mysql('varchar(36)'))).toBe('text');
  expect(form(mysql('binary(16)'), mysql('binary(16)'))).toBe('bytes');
  expect(form(mysql('json'), mysql('json'))).toBe('json');
  expect(form(mysql('float'), mysql('double'))).toBeUndefined();
});

test.each([
  ['{"b": 1, "a": [1.50, true]}', '{"a":[15e-1,true],"b":1.0}'],
  ['100000000000000000001', '100000000000000000001.000'],
  ['1e3', '1000'],
  ['-0.0', '0'],
  ['"\\u00e9\\/"', '"é/"'],
  ['{"a": 1, "a": 2}', '{"a": 2}'],
  ['{"__proto__": 1}', '{"__proto__":1}'],
])('%s and %s are one JSON value', (one, two) => {
  expect(jsonValue(one)).toBe(jsonValue(two));
});

test.each([
  ['9007199254740993', '9007199254740992'],
  ['1e400', '1e401'],
  ['0.1', '0.10000000000000000001'],
  ['"1"', '1'],
  ['"n1e0"', '1'],
  ['"s"', '""'],
  ['null', '"null"'],
  ['[1, 2]', '[2, 1]'],
  ['[12]', '[1, 2]'],
  ['{"a": null}', '{}'],
  ['{"__proto__": 1}', '{}'],
  ['-1', '1'],
  ['01', '1'],
  ['{"a": 1', '{"a": 1}'],
])('%s and %s are two JSON values', (one, two) => {
  expect(jsonValue(one)).not.toBe(jsonValue(two));
});

test.each([
  ['decimal', 'decimal(9,3)', 'numeric', '-0012.500', '-12.5'],
  ['decimal', 'decimal(9,3)', 'numeric', '-0.000', '0'],
  ['decimal', 'decimal(9,0)', 'numeric', '100', '100'],
  ['boolean', 'tinyint(1)', 'bool', 't', '1'],
  ['timestamp', 'datetime(6)', 'timestamptz', '2024-01-01 00:00:00.100000+00', '2024-01-01 00:00:00.1'],
  ['timestamp', 'datetime(6)', 'timestamp', '2024-01-01 00:00:00.000000', '2024-01-01 00:00:00'],
  ['bytes', 'blob', 'bytea', '\\x0AFF', '0aff'],
  ['uuid', 'char(36)', 'uuid', 'A0000000-0000-0000-0000-00000000000F', 'a000000000000000000000000000000f'],
  ['text', 'char(5)', 'bpchar', 'ab   ', 'ab'],
  ['text', 'varchar(5)', 'varchar', 'ab ', 'ab '],
] as const)('a key of %s (%s, %s) that a log prints as %s is asked for as %s', (of, one, two, printed, expected) => {
  const column: NeutralColumn = {
    ...{ encoding: 'neutral', name: 'k', form: of, long: false },
    ...{ type: mysql(one), counterpart: postgres(two) },
  };
  expect(canonicalKey([column], [printed])).toEqual([expected]);
});
