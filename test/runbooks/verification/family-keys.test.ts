import { escape } from 'mysql2';
import type { Manifest } from '../../../definition/manifest/sections';
import { ComparedTable } from '../../../runbooks/verification/compared-table';
import { readPairs } from '../../../runbooks/verification/read-pairs';
import { Lane } from '../../../runbooks/verification/verified-side';
import { describeWithMysql } from '../../mysql-server';
import { everything, startPostgresBeside, verifyFamilies, type PostgresBeside, type TwoFamilies } from './two-families';

const signal = new AbortController().signal;

describeWithMysql('keys of MySQL beside those of PostgreSQL', (server) => {
  let beside: PostgresBeside;
  let sides: TwoFamilies;
  beforeAll(async () => {
    beside = await startPostgresBeside(server());
    sides = await beside.database(server(), 'keys');
  });
  afterAll(() => beside?.close());

  const only = (table: string): Manifest['tables'] => ({ ...everything, include: [`keys.${table}`] });
  const both = (sql: string) => Promise.all([sides.mysql.query(sql), sides.postgres.query(sql)]);
  const insert = (table: string, rows: readonly (readonly string[])[]) =>
    both(`INSERT INTO ${table} VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`);
  /** From both ends: the ranges are those of the primary. */
  const verify = async (table: string) => {
    const forward = await verifyFamilies(sides, { tables: only(table) });
    const back = await verifyFamilies(sides, { tables: only(table), primary: sides.postgresSide });
    return [forward, back].map(({ tables: [found] }) => {
      const told = found?.divergentKeys
        .map(({ kind, key, columns }) => [kind, ...key, ...(columns ?? [])].join(' '))
        .sort();
      return found?.status === 'unverified' ? found.reason : told;
    });
  };

  test('50,000 rows with 12 that differ: each is found', async () => {
    const columns = 'id int PRIMARY KEY, name varchar(40) NOT NULL, amount decimal(12,2)';
    await both(`CREATE TABLE many (${columns})`);
    const numbers = `(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)`;
    await both(`INSERT INTO many SELECT x.i, concat('name ', x.i), x.i / 100.0 FROM (SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n AS i
      FROM ${numbers} a CROSS JOIN ${numbers} b CROSS JOIN ${numbers} c CROSS JOIN ${numbers} d CROSS JOIN ${numbers} e WHERE e.n < 5) x`);
    expect((await verifyFamilies(sides, { tables: only('many') })).rows).toBe(50_000);
    await sides.postgres.query(`UPDATE many SET amount = amount + 0.01 WHERE id IN (0, 777, 25000, 49999);
      UPDATE many SET name = name || ' ' WHERE id IN (4999, 5000, 5001); DELETE FROM many WHERE id IN (12345, 31999);
      INSERT INTO many VALUES (-1, 'below', 1), (50000, 'above', 1); UPDATE many SET amount = NULL WHERE id = 40000`);
    const [forward, back] = await verify('many');
    expect(forward).toHaveLength(12);
    expect(forward).toEqual(
      expect.arrayContaining(['different 4999 name', 'different 40000 amount', 'missing on other 12345']),
    );
    expect(back).toHaveLength(12);
    expect(back).toEqual(
      expect.arrayContaining(['different 0 amount', 'missing on other -1', 'missing on primary 31999']),
    );
  });

  test.each(['utf8mb4_general_ci', 'utf8mb4_bin', 'utf8mb4_unicode_ci'])(
    'texts in mixed case, with accents and emoji, ordered by %s',
    async (collation) => {
      const table = `texts_${collation}`;
      await sides.mysql.query(
        `CREATE TABLE ${table} (k varchar(40) CHARACTER SET utf8mb4 COLLATE ${collation} PRIMARY KEY, n int)`,
      );
      await sides.postgres.query(`CREATE TABLE ${table} (k text PRIMARY KEY, n int)`);
      const words = ['alpha', 'Beta', 'gamma', 'Émile', 'zoë', 'ångström', 'Straße', '😀 x', 'ñandú', "it''s"];
      await insert(
        table,
        Array.from({ length: 12_000 }, (_, i) => [`'${words[i % 10]} ${i}'`, String(i)]),
      );
      expect(await verify(table)).toEqual([[], []]);
      await sides.postgres
        .query(`UPDATE ${table} SET n = -1 WHERE k = 'Émile 5003'; UPDATE ${table} SET k = 'ALPHA 10' WHERE k = 'alpha 10';
      UPDATE ${table} SET k = 'zoe 4' WHERE k = 'zoë 4'`);
      expect(await verify(table)).toEqual([
        [
          'different Émile 5003 n',
          'missing on other alpha 10',
          'missing on other zoë 4',
          'missing on primary ALPHA 10',
          'missing on primary zoe 4',
        ],
        [
          'different Émile 5003 n',
          'missing on other ALPHA 10',
          'missing on other zoe 4',
          'missing on primary alpha 10',
          'missing on primary zoë 4',
        ],
      ]);
    },
  );

  test('texts that both indexes order by bytes are read in chunks of their order', async () => {
    const collation = server().engine.product === 'mariadb' ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
    await sides.mysql.query(
      `CREATE TABLE exact (k varchar(40) CHARACTER SET utf8mb4 COLLATE ${collation} PRIMARY KEY, n int)`,
    );
    await sides.postgres.query(`CREATE TABLE exact (k text COLLATE "C" PRIMARY KEY, n int)`);
    const letters = ['a', 'B', 'ä', '😀', '\t', ' ', 'ﬀ'];
    await insert(
      'exact',
      Array.from({ length: 12_000 }, (_, i) => [`'${letters[i % 7]}${letters[(i >> 3) % 7]}${i}'`, String(i)]),
    );
    const asked: string[] = [];
    const reader: TwoFamilies['mysqlSide']['reader'] = {
      query: async (sql, values, signal) => {
        asked.push(sql);
        return sides.mysqlSide.reader.query(sql, values, signal);
      },
    };
    const onProgress = jest.fn<void, [{ openKeys: number }]>();
    await verifyFamilies(
      { ...sides, mysqlSide: { ...sides.mysqlSide, reader } },
      { tables: only('exact'), onProgress },
    );
    // Several ranges, and none of them holds other rows on the other side.
    expect(onProgress.mock.calls.length).toBeGreaterThan(1);
    expect(onProgress.mock.calls.every(([{ openKeys }]) => openKeys === 0)).toBe(true);
    expect(asked.find((sql) => sql.includes('OFFSET'))).toContain('ORDER BY `k` LIMIT');
    expect(await verify('exact')).toEqual([[], []]);
  });

  test('keys of several columns, of times, bytes and bits', async () => {
    await sides.mysql
      .query(`CREATE TABLE several (a bigint unsigned, b varchar(9) CHARACTER SET latin1 COLLATE latin1_german1_ci, c datetime(6), d binary(3), e bit(5), f tinyint(1),
      g decimal(9,3), h enum('z','a'), i date, n int, PRIMARY KEY (a, b, c, d, e, f, g, h, i))`);
    await sides.postgres.query(`CREATE TYPE letter AS ENUM ('z', 'a');
      CREATE TABLE several (a numeric(20), b varchar(9), c timestamptz, d bytea, e bit(5), f boolean, g numeric(9, 3), h letter, i date, n int, PRIMARY KEY (a, b, c, d, e, f, g, h, i))`);
    const days = ['2024-01-01', '2024-02-29', '9999-12-31'];
    for (let i = 0; i < 300; i += 1) {
      const shared = [`${i % 7}`, `'ä${i % 11}'`, `'2024-01-01 00:00:00.${String(i % 5)}'`];
      const rest = [`${(i % 13) / 4}`, i % 2 ? `'z'` : `'a'`, `'${days[i % 3]}'`, `${i}`];
      const [hex, bits] = [i.toString(16).padStart(6, '0'), (i % 32).toString(2).padStart(5, '0')];
      await sides.mysql.query(
        `INSERT INTO several VALUES (${[...shared, `X'${hex}'`, `b'${bits}'`, `${i % 2}`, ...rest].join()})`,
      );
      await sides.postgres.query(
        `INSERT INTO several VALUES (${[...shared, `'\\x${hex}'`, `B'${bits}'`, `${i % 2 === 1}`, ...rest].join()})`,
      );
    }
    expect(await verify('several')).toEqual([[], []]);
    await sides.postgres.query(`UPDATE several SET n = -1 WHERE n = 222; DELETE FROM several WHERE n = 111`);
    const [forward, back] = await verify('several');
    expect(forward).toHaveLength(2);
    expect(back).toHaveLength(2);
    expect(forward).toEqual(
      expect.arrayContaining([expect.stringMatching(/^different 5 ä2 .* 0000de 11110 0 0.25 a 2024-01-01 n$/)]),
    );
  });

  test.each([
    ['char(32) COLLATE utf8mb4_bin', '', 'replace'],
    ['char(36)', '', 'hyphens'],
    ['binary(16)', '', 'bytes'],
  ])('identifiers: %s beside uuid', async (type, _, spelling) => {
    const table = `ids_${spelling}`;
    await sides.mysql.query(`CREATE TABLE ${table} (id ${type} PRIMARY KEY, n int) CHARACTER SET utf8mb4`);
    await sides.postgres.query(`CREATE TABLE ${table} (id uuid PRIMARY KEY, n int)`);
    const ids = Array.from({ length: 500 }, (_, i) => (i * 2_654_435_761).toString(16).padStart(32, '0').slice(-32));
    const shaped = (hex: string) =>
      spelling === 'bytes'
        ? `X'${hex}'`
        : spelling === 'replace'
          ? `'${hex}'`
          : `'${hex.toUpperCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}'`;
    await sides.mysql.query(`INSERT INTO ${table} VALUES ${ids.map((hex, i) => `(${shaped(hex)}, ${i})`).join()}`);
    await sides.postgres.query(`INSERT INTO ${table} VALUES ${ids.map((hex, i) => `('${hex}', ${i})`).join()}`);
    expect(await verify(table)).toEqual([[], []]);
    await sides.postgres.query(`UPDATE ${table} SET n = -1 WHERE n = 77`);
    expect(await verify(table)).toEqual(Array(2).fill([`different ${ids[77]} n`]));
  });

  test('keys as either log prints them are found on both sides', async () => {
    await sides.mysql.query(
      `CREATE TABLE logged (a decimal(9,3), b datetime(6), c varbinary(9), d char(36), e varchar(9), f tinyint(1), n int, doc json, PRIMARY KEY (a, b, c, d, e, f))`,
    );
    await sides.postgres.query(
      `CREATE TABLE logged (a numeric(9,3), b timestamptz, c bytea, d uuid, e varchar(9), f boolean, n int, doc jsonb, PRIMARY KEY (a, b, c, d, e, f))`,
    );
    const id = 'a0000000-0000-0000-0000-000000000001';
    const row = (name: string, bytes: string, flag: string, doc: string) =>
      `(1.5, '2024-01-01 00:00:00.12', ${bytes}, '${id}', '${name}', ${flag}, 1, '${doc}')`;
    await sides.mysql.query(
      `INSERT INTO logged VALUES ${row('Ab', "X'0aff'", '1', '{"a": 1}')}, ${row('other', "X'0aff'", '1', '{"a": 1.0}')}`,
    );
    await sides.postgres.query(
      `INSERT INTO logged VALUES ${row('Ab', "'\\x0aff'", 'true', '{"a": 2}')}, ${row('other', "'\\x0aff'", 'true', '{"a": 1}')}`,
    );
    const [pair] = await readPairs({
      primary: sides.mysqlSide,
      other: sides.postgresSide,
      tables: only('logged'),
      signal,
    });
    if (!pair?.primary || !pair.other) throw new Error(pair?.unverified);
    const lane = (side: TwoFamilies['mysqlSide']) => new Lane(side.reader, () => 0);
    const ends = {
      primary: sides.mysqlSide,
      other: sides.postgresSide,
      primaryLane: lane(sides.mysqlSide),
      otherLane: lane(sides.postgresSide),
    };
    const table = new ComparedTable('logged', { primary: pair.primary, other: pair.other }, ends);
    const mysqlLog = ['1.500', '2024-01-01 00:00:00.120000', '\\x0aff', id, 'Ab', '1'];
    const postgresLog = ['1.500', '2024-01-01 00:00:00.12+00', '\\x0aff', id, 'Ab', 'true'];
    const found = ['1.5', '2024-01-01 00:00:00.12', '0aff', id.replaceAll('-', ''), 'Ab', '1'];
    for (const key of [mysqlLog, postgresLog]) {
      const different = await table.compareKeys([key, [...key.slice(0, 4), 'other', ...key.slice(5)]], signal);
      expect(different).toEqual([{ key: found, kind: 'different' }]);
      expect(await table.explain(different, signal)).toEqual([{ key: found, kind: 'different', columns: ['doc'] }]);
    }
    // A key that the collation takes for another one is no row of MySQL.
    expect(await table.compareKeys([mysqlLog.with(4, 'AB')], signal)).toEqual([]);
  });

  test('a key that stands on one side with another letter is missing, not the same', async () => {
    await sides.mysql.query(
      `CREATE TABLE letters (k varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY)`,
    );
    await sides.postgres.query(`CREATE TABLE letters (k varchar(9) PRIMARY KEY)`);
    await sides.mysql.query(`INSERT INTO letters VALUES ('abc'), ('x '), (${escape('\0')})`);
    await sides.postgres.query(`INSERT INTO letters VALUES ('abc'), ('ABC'), ('x')`);
    expect(await verify('letters')).toEqual([
      ['missing on other \0', 'missing on other x ', 'missing on primary ABC', 'missing on primary x'],
      ['missing on other ABC', 'missing on other x', 'missing on primary \0', 'missing on primary x '],
    ]);
  });

  test('a key of doubles or of JSON is no key to ask for', async () => {
    await both('CREATE TABLE doubles (k double precision PRIMARY KEY)');
    expect((await verify('doubles'))[0]).toMatch(/column k of its key: rows cannot be asked for by a double/);
  });
});
