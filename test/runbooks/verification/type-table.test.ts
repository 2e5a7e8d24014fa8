import { pairTypes, type ColumnType } from '../../../runbooks/verification/type-table';

const type = (name: string, rest: Partial<ColumnType> = {}): ColumnType => ({
  name,
  schema: 'pg_catalog',
  kind: 'base',
  title: name,
  ...rest,
});
const array = (element: ColumnType): ColumnType => type(`_${element.name}`, { kind: 'array', element });
const form = (one: ColumnType, two: ColumnType) => pairTypes(one, two)?.form;

test.each([
  ['int4', 'int8', 'integer'],
  ['int8', 'numeric', 'decimal'],
  ['float4', 'float8', 'float'],
  ['varchar', 'text', 'text'],
  ['bpchar', 'text', 'text'],
  ['bit', 'varbit', 'bits'],
  ['inet', 'inet', 'same type'],
  ['tstzrange', 'tstzrange', 'same type'],
  ['jsonb', 'jsonb', 'json value'],
])('%s and %s are compared as %s', (one, two, expected) => {
  expect(form(type(one), type(two))).toBe(expected);
  expect(form(type(two), type(one))).toBe(expected);
});

test.each([
  ['json', 'jsonb'],
  ['timestamp', 'timestamptz'],
  ['float8', 'numeric'],
  ['inet', 'cidr'],
  ['text', 'bytea'],
  ['int4', 'text'],
  ['bool', 'int4'],
  ['date', 'timestamp'],
  ['regclass', 'regclass'],
])('%s and %s are no pair: nothing is guessed', (one, two) => {
  expect(pairTypes(type(one), type(two))).toBeUndefined();
});

test('the declaration counts where it gives zeros or padding', () => {
  expect(pairTypes(type('numeric', { modifier: '655366' }), type('numeric', { modifier: '655366' }))).toEqual({
    form: 'decimal',
    sameDeclaration: true,
  });
  expect(pairTypes(type('numeric', { modifier: '655366' }), type('numeric'))?.sameDeclaration).toBe(false);
});

test('arrays are compared when their elements print the same', () => {
  expect(form(array(type('int4')), array(type('int8')))).toBe('printed');
  expect(form(array(type('text')), array(type('varchar')))).toBe('printed');
  expect(form(array(type('numeric', { modifier: '9' })), array(type('numeric', { modifier: '9' })))).toBe('printed');
  expect(form(array(type('numeric', { modifier: '9' })), array(type('numeric')))).toBeUndefined();
  expect(form(array(type('float4')), array(type('float8')))).toBeUndefined();
  expect(form(array(type('bpchar', { modifier: '8' })), array(type('bpchar', { modifier: '9' })))).toBeUndefined();
  expect(form(array(type('regclass')), array(type('regclass')))).toBeUndefined();
});

test('what users define is compared by its label or its print, never under the name of a built-in type', () => {
  const own = (name: string, kind: ColumnType['kind']) => type(name, { schema: 'public', kind });
  expect(form(own('mood', 'enum'), own('state', 'enum'))).toBe('text');
  expect(form(own('mood', 'enum'), type('text'))).toBe('text');
  expect(form(own('address', 'composite'), own('address', 'composite'))).toBe('printed');
  expect(form(own('address', 'composite'), own('place', 'composite'))).toBeUndefined();
  expect(form(own('int4', 'base'), type('int4'))).toBeUndefined();
  expect(form(own('hstore', 'base'), own('hstore', 'base'))).toBe('printed');
  expect(form(own('unheard', 'base'), own('unheard', 'base'))).toBeUndefined();
});
