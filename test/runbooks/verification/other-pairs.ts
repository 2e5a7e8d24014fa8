import * as fc from 'fast-check';
import { whole, seconds, bytes, json, ymd, hms, instants } from './generated-values';
import type { TypePair } from './type-pair';

export const otherPairs: readonly TypePair[] = [
  {
    mysql: 'date',
    postgres: 'date',
    same: instants.map(ymd).filter((value) => !value.startsWith('0000')),
    different: [
      ['2024-02-29', '2024-03-01'],
      ['0000-00-00', null],
      ['9999-12-31', 'infinity'],
      ['0044-03-15', '0044-03-15 BC'],
    ],
  },
  {
    mysql: 'datetime(6)',
    postgres: 'timestamp',
    same: instants,
    different: [
      ['2024-03-31 01:59:59.999999', '2024-03-31 02:00:00'],
      ['0000-00-00', null],
      ['2024-01-01 00:00:00.123456', '2024-01-01 00:00:00.123'],
    ],
  },
  {
    mysql: 'datetime',
    postgres: 'timestamp(0)',
    same: instants.map((value) => value.slice(0, 19)),
    different: [['2024-01-01 00:00:10', '2024-01-01 00:00:01']],
  },
  {
    mysql: 'datetime(3)',
    postgres: 'timestamptz',
    same: instants.map((value) => `${value.slice(0, 23)}`),
    different: [['2024-10-27 01:30:00.001', '2024-10-27 01:30:00']],
  },
  {
    mysql: 'timestamp(6) NULL',
    postgres: 'timestamptz',
    same: seconds(86_400, 2_147_000_000),
    different: [
      ['2024-10-27 01:30:00', '2024-10-27 02:30:00'],
      ['2024-01-01 00:00:00.000001', '2024-01-01 00:00:00'],
    ],
  },
  {
    mysql: 'time(6)',
    postgres: 'time',
    same: instants.map(hms),
    different: [
      ['12:00:00.000001', '12:00:00'],
      ['24:00:00', '00:00:00'],
      ['-01:00:00', '01:00:00'],
      ['30:00:00', '06:00:00'],
    ],
    alike: [['24:00:00', '24:00:00']],
  },
  {
    mysql: 'binary(4)',
    postgres: 'bytea',
    same: bytes(4, 4),
    different: [
      ['\\x61', '\\x61'],
      ['\\x00000000', '\\x'],
    ],
  },
  {
    mysql: 'varbinary(20)',
    postgres: 'bytea',
    same: bytes(0, 20),
    different: [
      ['\\x00ff10', '\\x00ff11'],
      ['\\x610062', '\\x61'],
      ['\\x', null],
      ['\\x61', '\\x6100'],
    ],
  },
  {
    mysql: 'longblob',
    postgres: 'bytea',
    same: bytes(0, 60),
    different: [
      ['\\x00ff10', '\\x00ff11'],
      ['\\x', null],
    ],
  },
  {
    mysql: 'binary(16)',
    postgres: 'uuid',
    same: bytes(16, 16).map((value) => value.slice(2)),
    different: [['\\x00000000000000000000000000000001', '00000000-0000-0000-0000-000000000010']],
  },
  {
    mysql: 'char(36)',
    postgres: 'uuid',
    same: fc.uuid(),
    different: [
      ['a0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000002'],
      ['', null],
      ['nothing', null],
    ],
    alike: [['A0000000-0000-0000-0000-00000000000F', 'a0000000-0000-0000-0000-00000000000f']],
  },
  {
    mysql: 'char(32)',
    postgres: 'uuid',
    same: fc.uuid().map((value) => value.replaceAll('-', '')),
    different: [['a0000000000000000000000000000001', 'a0000000-0000-0000-0000-000000000002']],
  },
  {
    mysql: 'bit(9)',
    postgres: 'bit(9)',
    same: fc.stringMatching(/^[01]{9}$/),
    different: [['000000001', '000000010']],
  },
  { mysql: 'bit(64)', postgres: 'numeric', same: whole(64, true), different: [['1', '2']] },
  {
    mysql: 'json',
    postgres: 'jsonb',
    same: json,
    different: [
      ['{"a": 1}', '{"a": 2}'],
      ['[1, 2]', '[2, 1]'],
      ['{"a": 9007199254740993}', '{"a": 9007199254740992}'],
      ['null', null],
      ['"1"', '1'],
      ['{"a": "x"}', '{"a": "x "}'],
      ['{"a": null}', '{}'],
    ],
    alike: [
      ['{"b": 1, "a": 2.50}', '{"a": 25e-1, "b": 1.0}'],
      ['"\\u00e9"', '"é"'],
    ],
  },
  {
    mysql: 'longtext',
    postgres: 'json',
    same: json,
    different: [
      ['{"a": 1}', '{"a": 2}'],
      ['no json', '"no json"'],
    ],
  },
];

// MariaDB's own UUID type holds no version 8.
export const mariadbPairs: readonly TypePair[] = [
  {
    mysql: 'uuid',
    postgres: 'uuid',
    same: fc.uuid({ version: 4 }),
    different: [['a0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000002']],
  },
  {
    mysql: 'inet6',
    postgres: 'inet',
    same: fc.ipV6().filter((value) => !/\d\./.test(value)),
    different: [
      ['::1', '::2'],
      ['::1', '::1/64'],
    ],
  },
];
