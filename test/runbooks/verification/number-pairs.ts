import * as fc from 'fast-check';
import { whole, decimal, double } from './generated-values';
import type { TypePair, Value } from './type-pair';

const numbers: readonly (readonly [Value, Value])[] = [
  ['41', '42'],
  ['-41', '41'],
  [null, '0'],
  ['0', null],
];

export const numberPairs: readonly TypePair[] = [
  {
    mysql: 'tinyint(1)',
    postgres: 'boolean',
    same: fc.constantFrom('0', '1'),
    different: [
      ['2', '1'],
      ['0', '1'],
      ['1', '0'],
      [null, '0'],
      ['-1', '1'],
    ],
  },
  {
    mysql: 'bit(1)',
    postgres: 'boolean',
    same: fc.constantFrom('0', '1'),
    different: [
      ['0', '1'],
      [null, '0'],
    ],
  },
  { mysql: 'tinyint', postgres: 'smallint', same: whole(8), different: numbers },
  { mysql: 'smallint unsigned', postgres: 'integer', same: whole(16, true), different: numbers.slice(2) },
  { mysql: 'mediumint', postgres: 'integer', same: whole(24), different: numbers },
  { mysql: 'int(8) unsigned zerofill', postgres: 'bigint', same: whole(32, true), different: [['7', '70']] },
  { mysql: 'int', postgres: 'integer', same: whole(32), different: numbers },
  {
    mysql: 'bigint',
    postgres: 'bigint',
    same: whole(64),
    different: [...numbers, ['9007199254740993', '9007199254740992']],
  },
  {
    mysql: 'bigint unsigned',
    postgres: 'numeric(20)',
    same: whole(64, true),
    different: [
      ['18446744073709551615', '18446744073709551614'],
      ['1', 'NaN'],
    ],
  },
  {
    mysql: 'year',
    postgres: 'smallint',
    same: fc.integer({ min: 1901, max: 2155 }).map(String),
    different: [['2024', '2025']],
    alike: [['0000', '0']],
  },
  {
    mysql: 'decimal(20,4)',
    postgres: 'numeric(22,6)',
    same: decimal(20, 4),
    different: [
      ['12.3456', '12.3457'],
      ['1.5', '-1.5'],
      ['1.0000', '1.000001'],
      ['100', '10'],
    ],
    alike: [['-0.0000', '0']],
  },
  { mysql: 'decimal(30,0)', postgres: 'numeric', same: whole(90), different: [['100', '1']] },
  {
    mysql: 'double',
    postgres: 'float8',
    same: double.map(String),
    different: [
      ['0.1', '0.10000000000000002'],
      ['90.28571428571429', '90.2857142857143'],
      ['5e-324', '0'],
      ['1e300', '1.0000000000000003e300'],
      ['1e-7', '-1e-7'],
      ['0', 'NaN'],
      ['1e308', 'Infinity'],
      ['1e20', null],
      ['-1.5', '1.5'],
    ],
    alike: [
      ['0', '-0'],
      ['1e22', '1e22'],
      ['0.00001', '1e-5'],
    ],
  },
  {
    mysql: 'float',
    postgres: 'float4',
    same: double
      .map(Math.fround)
      .filter((n) => Number.isFinite(n) && (n === 0 || Math.abs(n) > 1.2e-38))
      .map((n) => String(n)),
    different: [
      ['0.1', '0.10000001'],
      ['1e30', '1.0000001e30'],
    ],
  },
  {
    mysql: 'float',
    postgres: 'float8',
    same: fc.constantFrom('0.5', '0.1', '123456.7', '1e20', '-3.25e-9'),
    different: [['0.1', '0.1000000001']],
  },
  {
    mysql: 'float(7,2)',
    postgres: 'float8',
    same: fc.constantFrom('0.5', '0.1', '77.0999984741211', '65209.12', '0'),
    different: [
      ['0.1', '0.11'],
      ['65209.12', '65209.13'],
    ],
  },
  {
    mysql: 'float(7,2)',
    postgres: 'float4',
    same: fc.constantFrom('0.5', '0.1', '77.1', '65209.12', '0'),
    different: [['0.1', '0.11']],
  },
  {
    mysql: 'double(12,3)',
    postgres: 'float8',
    same: fc.constantFrom('0.5', '0.1', '123456789.125', '0', '-0.001'),
    different: [['0.1', '0.11']],
  },
  {
    mysql: 'double',
    postgres: 'float4',
    same: fc.constantFrom('0.5', '0.1', '123456.7', '1e20', '-3.25e-9'),
    different: [
      ['0.1', '0.10000001'],
      ['0.10000000149011612', '0.1'],
    ],
  },
];
