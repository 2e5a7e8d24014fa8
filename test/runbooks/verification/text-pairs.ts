import * as fc from 'fast-check';
import { text, trimmedText, latin } from './generated-values';
import type { TypePair, Value } from './type-pair';

const strings: readonly (readonly [Value, Value])[] = [
  ['name', 'name '],
  ['name', ' name'],
  ['name', 'Name'],
  ['cafe', 'café'],
  ['caf\u00e9', 'cafe\u0301'],
  [null, ''],
  ['', null],
  ['😀', '😁'],
  ['😀', '?'],
  ['N', null],
  ['4:abcd', 'abcd'],
  ['a\r\nb', 'a\nb'],
  ['a\\b', 'a\\\\b'],
  ['a\u200bb', 'ab'],
  ['a\0b', 'ab'],
];
export const textPairs: readonly TypePair[] = [
  {
    mysql: 'char(9)',
    postgres: 'char(9)',
    same: trimmedText.filter((value) => [...value].length <= 9),
    different: strings.slice(2, 9),
  },
  {
    mysql: 'char(9)',
    postgres: 'text',
    same: trimmedText.filter((value) => [...value].length <= 9),
    different: strings.slice(0, 9),
  },
  {
    mysql: 'varchar(40)',
    postgres: 'varchar(40)',
    same: text(12).filter((value) => [...value].length <= 40),
    different: strings,
  },
  {
    mysql: 'varchar(40) COLLATE utf8mb4_general_ci',
    postgres: 'text',
    same: text(12).filter((value) => [...value].length <= 40),
    different: strings,
  },
  {
    mysql: 'varchar(40) CHARACTER SET latin1',
    postgres: 'text',
    same: latin,
    different: [
      ['café', 'cafe'],
      ['a', 'A'],
      ['a', 'a '],
    ],
  },
  {
    mysql: 'varchar(40) CHARACTER SET utf16',
    postgres: 'text',
    same: text(9).filter((value) => [...value].length <= 40),
    different: strings.slice(0, 8),
  },
  { mysql: 'longtext', postgres: 'text', same: text(60), different: strings },
  {
    mysql: `enum('small','Größe','N','')`,
    postgres: 'varchar(9)',
    same: fc.constantFrom('small', 'Größe', 'N', ''),
    different: [
      ['small', 'Small'],
      ['', null],
    ],
  },
  {
    mysql: `enum('red','blue')`,
    postgres: 'colour',
    same: fc.constantFrom('red', 'blue'),
    different: [['red', 'blue']],
  },
  {
    mysql: `set('a','b','c')`,
    postgres: 'text',
    same: fc.subarray(['a', 'b', 'c']).map((each) => each.join()),
    different: [
      ['a,b', 'b,a'],
      ['', null],
    ],
  },
];
