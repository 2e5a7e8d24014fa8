import type { Manifest } from '../../../../definition/manifest/sections';
import { readCascades } from '../../../../runbooks/inspection/across/cascades';
import { missingConstraints, reverseConstraints } from '../../../../runbooks/inspection/across/reverse-fitness';
import { describeWithMysql } from '../../../mysql-server';
import { startPostgresBeside, type PostgresBeside, type TwoFamilies } from '../../verification/two-families';

const signal = new AbortController().signal;
const tables: Manifest['tables'] = { include: ['narrow.%'], exclude: [], waivers: [] };

const mysqlTable = `CREATE TABLE things (id int unsigned PRIMARY KEY, small smallint, amount decimal(6, 2), plain double, single float, \`group\` varchar(3), \`Desc\` varchar(3), gauge float(5,2), price double(8,3), name varchar(3),
  tail char(3), tiny tinytext, latin varchar(9) CHARACTER SET latin1, plane varchar(9) CHARACTER SET utf8mb3, ascii varchar(9) CHARACTER SET ascii,
  kind enum('a','it''s'), flags set('x','y.z','w'), raw varbinary(2), fixed binary(2), day date, at datetime(3), moment timestamp NULL, clock time(0), season year,
  bits bit(5), yes tinyint(1), code varchar(20) COLLATE utf8mb4_unicode_ci, exact varchar(20) COLLATE utf8mb4_bin, UNIQUE (code), UNIQUE (exact))
  CHARACTER SET utf8mb4`;
const postgresTable = `CREATE TABLE things (id bigint PRIMARY KEY, small int, amount numeric, plain float8, single float8, "group" text, "Desc" text, gauge float8, price float8, name text, tail text, tiny text,
  latin text, plane text, ascii text, kind text, flags text, raw bytea, fixed bytea, day date, at timestamptz, moment timestamptz, clock time, season int,
  bits int8, yes int2, code text, exact text)`;

const held: Record<string, string[]> = {
  id: ['0', '4294967295'],
  small: ['-32768', '32767'],
  amount: ['-9999.99', '9999.99', '1.10'],
  plain: ['1e308', '-0.1'],
  single: ['1.5', '-0', '0.1', '0.10000000149011612'],
  group: ['abc'],
  Desc: ['abc'],
  gauge: ['999.99', '-0.01', '77.0999984741211'],
  price: ['12345.678', '-0.001'],
  name: ['abc', 'äöü', ''],
  tail: ['abc', ' a'],
  tiny: ['x'.repeat(255)],
  latin: ['Zoë €'],
  plane: ['Łódź ☃'],
  ascii: ['abc'],
  kind: ['a', "it's"],
  flags: ['', 'x', 'x,w', 'x,y.z,w'],
  raw: ['\\x', '\\x0102'],
  fixed: ['\\x0100'],
  day: ['1000-01-01', '9999-12-31'],
  at: ['2024-01-01 00:00:00.123+00', '9999-12-31 23:59:59.999+00'],
  moment: ['1970-01-01 00:00:01+00', '2038-01-19 03:14:07+00'],
  clock: ['00:00:00', '23:59:59'],
  season: ['0', '1901', '2155'],
  bits: ['0', '31'],
  yes: ['0', '127'],
};
const refused: Record<string, string[]> = {
  id: ['-1', '4294967296'],
  small: ['32768', '-32769'],
  amount: ['10000', '1.005', 'NaN', 'Infinity', '-Infinity'],
  plain: ['NaN', 'Infinity', '-Infinity'],
  single: ['0.1000000001', '0.10000000000000002', 'NaN', '1e300'],
  group: ['abcd'],
  Desc: ['abcd'],
  gauge: ['1000', '0.001', '77.0999984741212', 'Infinity'],
  price: ['100000', '0.0001', '-Infinity'],
  name: ['abcd'],
  tail: ['abcd', 'a '],
  tiny: ['x'.repeat(256), 'ä'.repeat(128)],
  latin: ['☃'],
  plane: ['👍'],
  ascii: ['é'],
  kind: ['', 'b', 'A'],
  flags: ['w,x', 'x,x', 'z', 'yxz', ','],
  raw: ['\\x010203'],
  fixed: ['\\x01', '\\x010203'],
  day: ['infinity', '-infinity', '0999-12-31', '10000-01-01', '0001-01-01 BC'],
  at: ['2024-01-01 00:00:00.1234+00', 'infinity', '10000-01-01 00:00+00'],
  moment: ['1969-12-31 00:00+00', '2038-01-19 03:14:08+00', '2024-01-01 00:00:00.5+00'],
  clock: ['12:00:00.5'],
  season: ['1900', '2156', '-1'],
  bits: ['32', '-1'],
  yes: ['128', '-129'],
};

describeWithMysql('what the target must refuse', (server) => {
  let beside: PostgresBeside;
  let sides: TwoFamilies;
  const on = () => ({
    source: { family: 'mysql', reader: sides.mysqlSide.reader } as const,
    target: { family: 'postgres', reader: sides.postgresSide.reader } as const,
    ...{ tables, signal },
  });
  beforeAll(async () => {
    beside = await startPostgresBeside(server());
    sides = await beside.database(server(), 'narrow');
    await sides.mysql.query(mysqlTable);
    await sides.postgres.query(postgresTable);
    const wanted = await reverseConstraints(on());
    expect(await missingConstraints(wanted, sides.postgresSide.reader, signal)).toEqual(wanted);
    for (const { sql } of wanted) await sides.postgres.query(sql);
  });
  afterAll(() => beside.close());

  const cases = (of: Record<string, string[]>) =>
    Object.entries(of).flatMap(([column, values]) => values.map((value) => [column, value] as const));
  /** Writes one row on both sides, and takes it away again. */
  const write = async (column: string, value: string) => {
    await sides.postgres.query('BEGIN');
    const values = column === 'id' ? [value] : ['1', value];
    const columns = column === 'id' ? 'id' : `id, "${column}"`;
    try {
      await sides.postgres.query(
        `INSERT INTO things (${columns}) VALUES (${values.map((_, at) => `$${at + 1}`).join(', ')})`,
        values,
      );
    } finally {
      await sides.postgres.query('ROLLBACK');
    }
  };

  test('everything that was missing stands', async () => {
    expect(await missingConstraints(await reverseConstraints(on()), sides.postgresSide.reader, signal)).toEqual([]);
  });
  test.each(cases(held))('%s takes %j', async (column, value) => {
    await expect(write(column, value)).resolves.toBeUndefined();
  });
  test.each(cases(refused))('%s refuses %j', async (column, value) => {
    await expect(write(column, value)).rejects.toThrow(
      /violates check constraint "cutover_|out of range|has no equivalent in encoding/,
    );
  });

  test.each([
    ['code', 'Straße', 'STRASSE'],
    ['code', 'a', 'A'],
    ['code', 'e', 'É'],
    ['code', 'x', 'x '],
    ['exact', 'x', 'x '],
  ])('%s takes %j and %j for the same key, as MySQL does', async (column, one, two) => {
    const insert = `INSERT INTO things (id, ${column}) VALUES (1, '${one}'), (2, '${two}')`;
    await expect(sides.mysql.query(insert)).rejects.toThrow(/Duplicate entry/);
    await expect(sides.postgres.query(insert)).rejects.toThrow(
      /duplicate key value violates unique constraint "cutover_/,
    );
  });
  test.each([
    ['code', 'a', 'b'],
    ['exact', 'a', 'A'],
    ['exact', 'e', 'é'],
  ])('%s tells %j from %j, as MySQL does', async (column, one, two) => {
    const insert = `INSERT INTO things (id, ${column}) VALUES (1, '${one}'), (2, '${two}')`;
    await sides.mysql.query(`${insert}; DELETE FROM things`);
    await sides.postgres.query(`${insert}; DELETE FROM things`);
  });

  test('numbers in JSON are those that MySQL’s own type keeps; MariaDB keeps the text', async () => {
    await sides.mysql.query('CREATE TABLE documents (id int PRIMARY KEY, doc json)');
    await sides.postgres.query('CREATE TABLE documents (id int PRIMARY KEY, doc jsonb)');
    const wanted = (await reverseConstraints(on())).filter(({ table }) => table === 'narrow.documents');
    const drop = async () => {
      await sides.mysql.query('DROP TABLE documents');
      await sides.postgres.query('DROP TABLE documents');
    };
    if (server().engine.product === 'mariadb') {
      expect(wanted).toEqual([]);
      await drop();
      return;
    }
    expect(await missingConstraints(wanted, sides.postgresSide.reader, signal)).toMatchObject([{ kind: 'check' }]);
    for (const { sql } of wanted) await sides.postgres.query(sql);
    // As two sessions would that ask for fewer digits, and for the function to be there already.
    for (const { sql } of wanted) await sides.postgres.query(sql.slice(0, sql.indexOf('ALTER TABLE')));
    await sides.postgres.query('SET extra_float_digits = 0');
    const write = (doc: string) => sides.postgres.query('INSERT INTO documents VALUES (1, $1)', [doc]);
    for (const doc of [
      '{}',
      '[1, -1.5, 0, 0.0, 1.50]',
      '{"a": [{"b": 0.30000000000000004}]}',
      '18446744073709551615',
      '-9223372036854775808',
      '1e20',
      '1.7e308',
      '"0.1234567890123456789"',
      'null',
      '90.28571428571429',
    ]) {
      await write(doc);
      // What MySQL says of it is the same number, by PostgreSQL's own comparison.
      await sides.mysql.query('REPLACE INTO documents VALUES (1, ?)', [doc]);
      const [[back]] = (await sides.mysql.query('SELECT CAST(doc AS CHAR) AS doc FROM documents')) as [
        [{ doc: string }],
        unknown,
      ];
      const same = await sides.postgres.query('SELECT doc = $1::jsonb AS same FROM documents', [back.doc]);
      expect([doc, same.rows]).toEqual([doc, [{ same: true }]]);
      await sides.postgres.query('DELETE FROM documents');
    }
    for (const doc of [
      '0.1234567890123456789',
      '[1, {"a": 1e400}]',
      '18446744073709551616.5',
      '1e-400',
      '{"a": 123456789012345678.9}',
    ])
      await expect(write(doc)).rejects.toThrow(/violates check constraint "cutover_/);
    await drop();
  });

  test('a constraint that was taken away is missing', async () => {
    const [first] = await reverseConstraints(on());
    await sides.postgres.query(`ALTER TABLE things DROP CONSTRAINT ${first?.name}`);
    expect(await missingConstraints(await reverseConstraints(on()), sides.postgresSide.reader, signal)).toEqual([
      first,
    ]);
  });

  test('foreign keys that change rows are named with the statement that makes them refuse', async () => {
    await sides.mysql.query(
      'CREATE TABLE parts (id int PRIMARY KEY, thing int unsigned, CONSTRAINT part_of FOREIGN KEY (thing) REFERENCES things (id) ON DELETE CASCADE ON UPDATE SET NULL)',
    );
    const read = () => readCascades(sides.mysqlSide.reader, tables, true, signal);
    const found = await read();
    if (server().engine.product === 'mariadb')
      expect(found).toMatchObject([
        { object: 'narrow.parts', name: 'part_of', rules: 'ON DELETE CASCADE ON UPDATE SET NULL' },
      ]);
    for (const { ddl } of found) await sides.mysql.query(ddl);
    expect(await read()).toEqual([]);
  });
});
