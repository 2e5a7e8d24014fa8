import type { Manifest } from '../../../definition/manifest/sections';
import { describeWithMysql } from '../../mysql-server';
import { everything, startPostgresBeside, verifyFamilies, type PostgresBeside, type TwoFamilies } from './two-families';

describeWithMysql('tables of MySQL beside those of PostgreSQL', (server) => {
  let beside: PostgresBeside;
  let sides: TwoFamilies;
  beforeAll(async () => {
    beside = await startPostgresBeside(server());
    sides = await beside.database(server(), 'shop');
  });
  afterAll(() => beside?.close());

  const both = (sql: string) => Promise.all([sides.mysql.query(sql), sides.postgres.query(sql)]);
  /** Of one table, with each side as the primary: what differs, or why nothing is known. */
  const verify = async (table: string, rest: Partial<Manifest['tables']> = {}) => {
    const tables = { ...everything, include: [`shop.${table}`], ...rest };
    const results = [sides.mysqlSide, sides.postgresSide].map((primary) => verifyFamilies(sides, { tables, primary }));
    return (await Promise.all([results[0], results[0]?.then(() => results[1])])).map((result) =>
      result?.tables.map(({ table: name, status, reason, divergentKeys }) =>
        status === 'unverified'
          ? reason
          : [
              name,
              ...divergentKeys.map(({ kind, key, columns }) => [kind, ...key, ...(columns ?? [])].join(' ')).sort(),
            ],
      ),
    );
  };

  test('an interval that is kept beside its microseconds must say the same', async () => {
    const tables: Partial<Manifest['tables']> = {
      transformations: [{ kind: 'microseconds-to-interval', table: 'shop.tracks', column: 'length', to: 'duration' }],
    };
    await sides.mysql.query('CREATE TABLE tracks (id int PRIMARY KEY, length bigint)');
    await sides.postgres.query('CREATE TABLE tracks (id int PRIMARY KEY, length bigint, duration interval)');
    await both(
      `INSERT INTO tracks (id, length) VALUES (1, 90000001), (2, NULL), (3, 86400000000), (4, -1), (5, 9007199254740993), (6, 0), (7, 2592000000000), (8, NULL)`,
    );
    await sides.postgres.query(`UPDATE tracks SET duration = length * interval '1 microsecond' WHERE id < 5;
      UPDATE tracks SET duration = '2501999:47:34.740993' WHERE id = 5; UPDATE tracks SET duration = '0' WHERE id = 6; UPDATE tracks SET duration = '30 days' WHERE id = 7`);
    expect(await verify('tracks', tables)).toEqual([[['shop.tracks']], [['shop.tracks']]]);
    await sides.postgres
      .query(`UPDATE tracks SET duration = duration + interval '1 microsecond' WHERE id IN (1, 5); UPDATE tracks SET duration = '0' WHERE id = 2;
      UPDATE tracks SET duration = NULL WHERE id = 6; UPDATE tracks SET length = 7 WHERE id = 4; UPDATE tracks SET duration = 'infinity' WHERE id = 8;
      UPDATE tracks SET duration = '1 month' WHERE id = 7`);
    const found = [
      'different 1 duration',
      'different 2 duration',
      'different 4 length duration',
      'different 5 duration',
      'different 6 duration',
      'different 7 duration',
      'different 8 duration',
    ];
    expect(await verify('tracks', tables)).toEqual([[['shop.tracks', ...found]], [['shop.tracks', ...found]]]);
    const [[reason] = []] = await verify('tracks', {
      transformations: [{ kind: 'microseconds-to-interval', table: 'shop.tracks', column: 'length', to: 'span' }],
    });
    expect(reason).toMatch(
      /span is no column beside length on the target, which it is converted from; column duration is missing/,
    );
  });

  test('a converted column must say the same as the one beside it, there and back', async () => {
    const tables: Partial<Manifest['tables']> = {
      transformations: [
        { kind: 'rename-column', table: 'shop.visits', column: 'at', to: 'seconds' },
        {
          ...{ kind: 'convert-column', table: 'shop.visits', column: 'at', to: 'at' },
          ...{ forward: 'to_timestamp($value)', reverse: 'extract(epoch FROM $value)::numeric' },
        },
      ],
    };
    await sides.mysql.query('CREATE TABLE visits (id int PRIMARY KEY, at decimal(20, 2))');
    await sides.postgres.query('CREATE TABLE visits (id int PRIMARY KEY, seconds numeric(20, 2), at timestamptz)');
    await sides.mysql.query('INSERT INTO visits VALUES (1, 1700000000.25), (2, NULL), (3, 0), (4, 5)');
    await sides.postgres.query('INSERT INTO visits (id, seconds) VALUES (1, 1700000000.25), (2, NULL), (3, 0), (4, 5)');
    await sides.postgres.query('UPDATE visits SET at = to_timestamp(seconds)');
    expect(await verify('visits', tables)).toEqual([[['shop.visits']], [['shop.visits']]]);
    await sides.postgres.query(`UPDATE visits SET at = at + interval '1 microsecond' WHERE id = 1;
      UPDATE visits SET at = now() WHERE id = 2; UPDATE visits SET at = NULL WHERE id = 3`);
    const found = (column: string) => [1, 2, 3].map((id) => `different ${id} ${column}`);
    expect(await verify('visits', tables)).toEqual([
      [['shop.visits', ...found('at')]],
      [['shop.visits', ...found('at')]],
    ]);
  });

  test('names follow the definition in both directions', async () => {
    await sides.mysql.query(
      'CREATE TABLE `old ``name` (`Id` int PRIMARY KEY, `The Label` varchar(9), junk int, total int AS (`Id` * 2) STORED)',
    );
    await sides.postgres.query(`CREATE SCHEMA "new";
      CREATE TABLE "new".label (id int PRIMARY KEY, label text, total int GENERATED ALWAYS AS (id * 2) STORED, shouted text GENERATED ALWAYS AS (upper(label)) STORED)`);
    await sides.mysql.query("INSERT INTO `old ``name` (`Id`, `The Label`, junk) VALUES (1, 'x', 2), (2, 'y', 3)");
    await sides.postgres.query(`INSERT INTO "new".label (id, label) VALUES (1, 'x'), (2, 'Y')`);
    const table = 'shop.old `name';
    const [forward, back] = await verify('old%', {
      transformations: [
        { kind: 'rename-schema', schema: 'shop', to: 'new' },
        { kind: 'rename-table', table, to: 'label' },
        { kind: 'rename-column', table, column: 'Id', to: 'id' },
        { kind: 'rename-column', table, column: 'The Label', to: 'label' },
        { kind: 'drop-column', table, column: 'junk' },
      ],
    });
    expect(forward).toEqual([[table, 'different 2 The Label']]);
    expect(back).toEqual([['new.label', 'different 2 label']]);
  });

  test('what no row of the type table holds is unverified, and so is a table without a key', async () => {
    await sides.mysql
      .query(`CREATE TABLE shapes (id int PRIMARY KEY, g geometry); CREATE TABLE flags (id int PRIMARY KEY, f tinyint);
      CREATE TABLE loose (v int); CREATE TABLE nullable (v int, UNIQUE (v)); CREATE TABLE prefix (v varchar(99) NOT NULL, UNIQUE (v(9)));
      CREATE TABLE here (id int PRIMARY KEY); INSERT INTO here VALUES (1), (2)`);
    await sides.postgres
      .query(`CREATE TABLE shapes (id int PRIMARY KEY, g bytea); CREATE TABLE flags (id int PRIMARY KEY, f boolean); CREATE TABLE loose (v int);
      CREATE TABLE nullable (v int); CREATE TABLE prefix (v text); CREATE TABLE there (id int PRIMARY KEY)`);
    expect((await verify('shapes'))[0]).toEqual([
      expect.stringMatching(/column g: geometry on the primary and bytea .* no pair of the type table/),
    ]);
    expect((await verify('flags'))[0]).toEqual([expect.stringMatching(/column f: tinyint.* and bool .* no pair/)]);
    for (const table of ['loose', 'nullable', 'prefix']) {
      expect((await verify(table))[0]).toEqual([expect.stringMatching(/neither a primary key nor a unique key/)]);
    }
    const { tables } = await verifyFamilies(sides, { tables: { ...everything, include: ['shop.%here'] } });
    expect(tables.map(({ table, divergentRows, reason }) => [table, divergentRows, reason])).toEqual([
      ['shop.here', 2, 'the table is missing on the other side'],
      ['shop.there', 1, 'the table is missing on the primary'],
    ]);
  });

  test('what the account may not read is unverified, and a lost connection ends the comparison', async () => {
    await both('CREATE TABLE closed (id int PRIMARY KEY, v int)');
    const refusing = (error: object): TwoFamilies => ({
      ...sides,
      mysqlSide: {
        ...sides.mysqlSide,
        reader: {
          query: (sql, values, signal) =>
            sql.includes('SHA2')
              ? Promise.reject(Object.assign(new Error('of the driver'), error))
              : sides.mysqlSide.reader.query(sql, values, signal),
        },
      },
    });
    const tables = { ...everything, include: ['shop.closed'] };
    const { unverifiedTables, tables: found } = await verifyFamilies(
      refusing({ code: 'ER_COLUMNACCESS_DENIED_ERROR', errno: 1143, sqlState: '42000' }),
      { tables },
    );
    expect(unverifiedTables).toEqual(['shop.closed']);
    expect(found[0]?.reason).toBe('the engine refused to compare it (error 1143, SQLSTATE 42000)');
    const lost = refusing({ code: 'PROTOCOL_CONNECTION_LOST', errno: 1927, sqlState: '08S01' });
    await expect(verifyFamilies(lost, { tables })).rejects.toMatchObject({ code: 'PROTOCOL_CONNECTION_LOST' });
  });

  test('two databases of MySQL are compared as well', async () => {
    const columns = `id char(36) PRIMARY KEY, e enum('z', 'a'), f float, d double, doc json, at timestamp(3) NULL, s varchar(9)`;
    const row = (id: string, rest: string) =>
      `('${id}', 'a', 0.1, 1e-200, '{"a": 1.0}', '2024-01-01 00:00:00.5', ${rest})`;
    for (const [database, rest] of [
      ['shop', "'x'"],
      ['copy', "'X'"],
    ] as const) {
      await sides.mysql.query(`CREATE DATABASE IF NOT EXISTS ${database}; CREATE TABLE ${database}.twins (${columns});
        INSERT INTO ${database}.twins VALUES ${row('Ab', "'same'")}, ${row('c', rest)}`);
    }
    const twin = { ...sides, postgresSide: { ...sides.mysqlSide, side: 'target' as const } };
    const transformations = [{ kind: 'rename-schema' as const, schema: 'shop', to: 'copy' }];
    const tables = { ...everything, include: ['shop.twins'], transformations };
    // One server stands for both, so the other database is there twice as well.
    const { tables: found } = await verifyFamilies(twin, { tables });
    expect(found.find(({ table }) => table === 'shop.twins')).toMatchObject({
      rows: 2,
      divergentKeys: [{ key: ['c'], kind: 'different', columns: ['s'] }],
    });
  });

  test('a unique key without nulls serves where there is no primary key', async () => {
    await both('CREATE TABLE uniquely (a int, b int NOT NULL, c varchar(9) NOT NULL, UNIQUE (b, c), UNIQUE (a))');
    await both(`INSERT INTO uniquely VALUES (1, 2, 'x'), (NULL, 3, 'y')`);
    await sides.postgres.query('UPDATE uniquely SET a = 9 WHERE b = 3');
    expect((await verify('uniquely'))[0]).toEqual([['shop.uniquely', 'different 3 y a']]);
  });

  test('texts that flow together in a naive concatenation stay apart, also beyond a hundred columns', async () => {
    const columns = Array.from({ length: 120 }, (_, i) => `c${i} varchar(9)`).join(', ');
    await both(`CREATE TABLE wide (id int PRIMARY KEY, ${columns}) ${''}`);
    const pairs = [
      ["NULL, '', 'x'", "'', NULL, 'x'"],
      ["'a', 'b', ''", "'', 'a', 'b'"],
      ["'ab', 'c', ''", "'a', 'bc', ''"],
      ["'a,b', '', ''", "'a', 'b', ''"],
      ["'1:a', 'b', ''", "'1', 'a:b', ''"],
      ["'a,1:b', '', ''", "'a', 'b', ''"],
      ["'N', NULL, ''", "NULL, 'N', ''"],
      ["'x', 'y', 'z'", "'z', 'y', 'x'"],
    ];
    for (const [id, [one, two]] of pairs.entries()) {
      await sides.mysql.query(`INSERT INTO wide (id, c88, c89, c119) VALUES (${id}, ${one})`);
      await sides.postgres.query(`INSERT INTO wide (id, c88, c89, c119) VALUES (${id}, ${two})`);
    }
    expect((await verify('wide'))[0]?.[0]).toHaveLength(1 + pairs.length);
  });

  test('values that are compared one by one take bounded memory, however large they are', async () => {
    await sides.mysql.query('CREATE TABLE documents (id int PRIMARY KEY, doc json, f double)');
    await sides.postgres.query('CREATE TABLE documents (id int PRIMARY KEY, doc jsonb, f float8)');
    const doc = (id: number, space: string) => `{"id":${space}${id}, "text": "${'x'.repeat(100_000)}"}`;
    for (let from = 0; from < 100; from += 20) {
      const rows = Array.from({ length: 20 }, (_, i) => from + i);
      await sides.mysql.query(
        `INSERT INTO documents VALUES ${rows.map((id) => `(${id}, '${doc(id, '')}', ${id}e-30)`).join()}`,
      );
      await sides.postgres.query(
        `INSERT INTO documents VALUES ${rows.map((id) => `(${id}, '${doc(id, '  ')}', ${id}e-30)`).join()}`,
      );
    }
    const largest: number[] = [];
    const weighed = (side: TwoFamilies['mysqlSide']): TwoFamilies['mysqlSide'] => ({
      ...side,
      reader: {
        async query(sql, values, signal) {
          const rows = await side.reader.query(sql, values, signal);
          largest.push(JSON.stringify(rows).length);
          return rows;
        },
      },
    });
    const tables = { ...everything, include: ['shop.documents'] };
    const weigh = { ...sides, mysqlSide: weighed(sides.mysqlSide), postgresSide: weighed(sides.postgresSide) };
    expect((await verifyFamilies(weigh, { tables })).tables[0]).toMatchObject({ status: 'equal', rows: 100 });
    expect(Math.max(...largest)).toBeGreaterThan(1_000_000);
    expect(Math.max(...largest)).toBeLessThan(10_000_000);
    await sides.postgres.query(
      `UPDATE documents SET doc = jsonb_set(doc, '{id}', '-1') WHERE id = 90; UPDATE documents SET f = 1.0000000000000003e-30 WHERE id = 1`,
    );
    expect((await verifyFamilies(weigh, { tables })).tables[0]?.divergentKeys).toEqual([
      { key: ['1'], kind: 'different', columns: ['f'] },
      { key: ['90'], kind: 'different', columns: ['doc'] },
    ]);
  });
});
