import type { Manifest } from '../../../definition/manifest/sections';
import { verifyTables, type TableResult, type Verification } from '../../../runbooks/verification/verify';
import { corruptions, definitions } from './corruptions';
import { both, clock, startTwoEngines, type TestSide, type TwoEngines } from './two-engines';

let engines: TwoEngines;
beforeAll(async () => {
  engines = await startTwoEngines();
});
afterAll(() => engines.close());

type Sides = { source: TestSide; target: TestSide };
const everything: Manifest['tables'] = { include: ['%.%'], exclude: [], waivers: [] };

const verify = (sides: Sides, rest: Partial<Verification> = {}) =>
  verifyTables({
    primary: { engine: 'postgres', reader: sides.source.reader },
    other: { engine: 'postgres', reader: sides.target.reader },
    tables: everything,
    clock,
    settleMilliseconds: 50,
    rechecks: 0,
    quiet: true,
    signal: new AbortController().signal,
    ...rest,
  });
const only = (tables: readonly TableResult[]): TableResult => {
  expect(tables).toHaveLength(1);
  return tables[0] as TableResult;
};

describe('corruptions', () => {
  const columns = corruptions.map(([, type], index) => `c${index} ${type}`).join(', ');
  const insert = (column: 2 | 3) =>
    corruptions.map((one, index) => `INSERT INTO cells (id, c${index}) VALUES (${index}, ${one[column]});`).join('\n');
  let sides: Sides;
  beforeAll(async () => {
    sides = await engines.database('corruptions', `${definitions} CREATE TABLE cells (id int PRIMARY KEY, ${columns})`);
  });

  test('no value differs from itself, whatever the sessions of one side are set to', async () => {
    await both(sides, insert(2));
    await sides.target.client.query(`
      ALTER DATABASE corruptions SET DateStyle = 'SQL, DMY'; ALTER DATABASE corruptions SET TimeZone = 'Asia/Kathmandu';
      ALTER DATABASE corruptions SET IntervalStyle = 'sql_standard'; ALTER DATABASE corruptions SET bytea_output = 'escape';
      ALTER DATABASE corruptions SET extra_float_digits = 0;`);
    const hostile = { ...sides, target: await engines.reopen(sides.target) };
    const result = await verify(hostile);
    expect(only(result.tables)).toMatchObject({ status: 'equal', rows: corruptions.length, divergentKeys: [] });
    expect(result).toMatchObject({ divergentRows: 0, percentConsistent: 100, unverifiedTables: [] });
  });

  test(`${corruptions.length} classes are each found, with the key and the column`, async () => {
    await sides.target.client.query(`TRUNCATE cells; ${insert(3)}`);
    const { tables } = await verify(sides);
    const found = new Map(only(tables).divergentKeys.map((one) => [one.key[0], one]));
    for (const [index, [what]] of corruptions.entries()) {
      expect([what, found.get(String(index))]).toEqual([
        what,
        { key: [String(index)], kind: 'different', columns: [`c${index}`] },
      ]);
    }
    expect(only(tables).divergentRows).toBe(corruptions.length);
  });
});

test('texts that flow together in a naive concatenation stay apart', async () => {
  const sides = await engines.database('collisions', 'CREATE TABLE t (id int PRIMARY KEY, a text, b text, c text)');
  const pairs: [string, string][] = [
    ["NULL, '', 'x'", "'', NULL, 'x'"],
    ["'a', 'b', ''", "'', 'a', 'b'"],
    ["'ab', 'c', ''", "'a', 'bc', ''"],
    ["'a,b', '', ''", "'a', 'b', ''"],
    ["'1:a', 'b', ''", "'1', 'a:b', ''"],
    ["E'\\x1f', '', ''", "'', E'\\x1f', ''"],
    ["'<null>', 'a', NULL", "NULL, 'a', '<null>'"],
    ["'NULL', NULL, ''", "NULL, 'NULL', ''"],
    ["'x', 'y', 'z'", "'z', 'y', 'x'"],
  ];
  for (const [index, [one, two]] of pairs.entries()) {
    await sides.source.client.query(`INSERT INTO t VALUES (${index}, ${one})`);
    await sides.target.client.query(`INSERT INTO t VALUES (${index}, ${two})`);
  }
  const table = only((await verify(sides)).tables);
  expect(table.divergentRows).toBe(pairs.length);
});

test('equal values are equal whatever they are stored as', async () => {
  const sides = await engines.database('representations', "CREATE TYPE colour AS ENUM ('red')");
  await sides.source.client.query(`
    CREATE TABLE t (id int PRIMARY KEY, n int4, d numeric(10, 2), v varchar(9), p char(5), f float8, r float4, l int[], e colour,
      g int GENERATED ALWAYS AS (n + 1) STORED, b bit(3));
    INSERT INTO t VALUES (1, 7, 1.50, 'x', 'ab', 'Infinity', 'NaN', '{1,NULL}', 'red', DEFAULT, B'101');
    INSERT INTO t VALUES (2);
    UPDATE t SET l[2] = 5, f = f - f WHERE id = 1`);
  await sides.target.client.query(`
    CREATE TYPE shade AS ENUM ('blue', 'red');
    CREATE TABLE t (b varbit, e shade, l int8[], r float8, f float8, p char(9), v text, d numeric(12, 4), n int8, id int8 PRIMARY KEY);
    INSERT INTO t (id, n, d, v, p, f, r, l, e, b) VALUES (1, 7, 1.5, 'x', 'ab', 'NaN', 'NaN', '{1,5}', 'red', B'101'), (2${', NULL'.repeat(9)})`);
  expect(only((await verify(sides)).tables)).toMatchObject({ status: 'equal', rows: 2 });
});

describe('many rows', () => {
  let sides: Sides;
  beforeAll(async () => {
    sides = await engines.database(
      'many',
      `CREATE TABLE lines (invoice int, line text COLLATE "C", amount numeric(12,2), PRIMARY KEY (invoice, line));
       INSERT INTO lines SELECT i / 7, 'line ' || i % 7, i / 100.0 FROM generate_series(1, 30000) i`,
    );
  });

  test('rows that differ, are missing or are too many are named by their composite key, across chunks', async () => {
    await sides.target.client.query(`
      UPDATE lines SET amount = amount + 0.01 WHERE invoice = 1234 AND line = 'line 3';
      DELETE FROM lines WHERE invoice = 4000 AND line = 'line 0';
      INSERT INTO lines VALUES (-5, 'first', 1), (99999, 'last', 1), (2000, 'line 3 ', 1)`);
    const table = only((await verify(sides)).tables);
    expect(table.divergentKeys.toSorted((a, b) => Number(a.key[0]) - Number(b.key[0]))).toEqual([
      { key: ['-5', 'first'], kind: 'missing on primary' },
      { key: ['1234', 'line 3'], kind: 'different', columns: ['amount'] },
      { key: ['2000', 'line 3 '], kind: 'missing on primary' },
      { key: ['4000', 'line 0'], kind: 'missing on other' },
      { key: ['99999', 'last'], kind: 'missing on primary' },
    ]);
    expect(table).toMatchObject({ status: 'divergent', divergentRows: 5, rows: 30000 });
  });

  test('the share of equal rows is never rounded up to all of them', async () => {
    const result = await verify(sides);
    expect(result.percentConsistent).toBe(99.983);
  });

  test('keys are ordered by bytes where the collations of the sides differ', async () => {
    const collated = await engines.database('collated', 'SELECT 1');
    await collated.source.client.query('CREATE TABLE t (k text COLLATE "C" PRIMARY KEY, n int)');
    await collated.target.client.query('CREATE TABLE t (k text COLLATE "en-x-icu" PRIMARY KEY, n int)');
    await both(
      collated,
      `INSERT INTO t SELECT chr(65 + i % 26 + 32 * (i % 2)) || i, i FROM generate_series(1, 12000) i`,
    );
    expect(only((await verify(collated)).tables)).toMatchObject({ status: 'equal', rows: 12000 });
    await collated.target.client.query(`UPDATE t SET n = 0 WHERE n = 777`);
    expect(only((await verify(collated)).tables)).toMatchObject({ divergentRows: 1 });
  });
});

test('sides that order the same collation differently, as versions of it do, differ in nothing', async () => {
  const sides = await engines.database('orders', 'SELECT 1');
  await sides.source.client.query('CREATE TABLE t (k text COLLATE "C" PRIMARY KEY, n int)');
  await sides.target.client.query('CREATE TABLE t (k text COLLATE "en-x-icu" PRIMARY KEY, n int)');
  await both(sides, `INSERT INTO t SELECT chr(65 + i % 26 + 32 * (i % 2)) || i, i FROM generate_series(1, 12000) i`);
  const alike = ({ reader }: TestSide): Verification['primary'] => ({
    engine: 'postgres',
    reader: {
      query: async (sql, values, signal) =>
        (await reader.query(sql, values, signal)).map((row) =>
          row.found ? { ...row, found: row.found.replace(/"collation" : "[^"]*"/g, '"collation" : "same"') } : row,
        ),
    },
  });
  const named = { primary: alike(sides.source), other: alike(sides.target) };
  let openKeys = 0;
  const onProgress: Verification['onProgress'] = (progress) => (openKeys = progress.openKeys);
  expect(only((await verify(sides, { ...named, onProgress })).tables)).toMatchObject({ status: 'equal', rows: 12000 });
  // Else the ranges of both sides held the same rows, and the test says nothing.
  expect(openKeys).toBeGreaterThan(0);
  await sides.target.client.query(`UPDATE t SET n = 0 WHERE n = 777`);
  expect(only((await verify(sides, named)).tables)).toMatchObject({ divergentRows: 1, rows: 12000 });
});

test('a key that stands twice on the side without the constraint is found', async () => {
  const sides = await engines.database('twice', 'CREATE TABLE t (id int, v text)');
  await sides.source.client.query(`ALTER TABLE t ADD PRIMARY KEY (id)`);
  await both(sides, `INSERT INTO t VALUES (1, 'a'), (2, 'b')`);
  await sides.target.client.query(`ALTER TABLE t ALTER id SET NOT NULL; INSERT INTO t VALUES (2, 'b'), (2, 'b')`);
  expect(only((await verify(sides)).tables)).toMatchObject({ status: 'divergent', divergentRows: 1 });
});

describe('with clients writing', () => {
  let sides: Sides;
  beforeAll(async () => {
    sides = await engines.database(
      'written',
      `CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t SELECT i, 0 FROM generate_series(1, 20000) i`,
    );
  });

  test('what arrives later is consistent, what stays different is not', async () => {
    await sides.target.client.query('UPDATE t SET v = -1 WHERE id = 19999');
    let writing = true;
    const writes = (async () => {
      for (let round = 1; writing; round += 1) {
        const sql = `INSERT INTO t VALUES (${20000 + round}, 0); UPDATE t SET v = ${round} WHERE id % 500 = ${round % 500}`;
        await sides.source.client.query(sql);
        await clock.sleep(20, new AbortController().signal);
        await sides.target.client.query(sql);
      }
    })();
    let reported = 0;
    const result = await verify(sides, {
      quiet: false,
      rechecks: 20,
      settleMilliseconds: 100,
      onProgress: ({ rows }) => (reported = rows),
    });
    writing = false;
    await writes;
    expect(only(result.tables).divergentKeys).toEqual([{ key: ['19999'], kind: 'different', columns: ['v'] }]);
    expect(reported).toBe(result.rows);
  });

  test('an ended signal ends the comparison with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted by the operator');
    const run = verify(sides, { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(run).rejects.toBe(reason);
  });
});
