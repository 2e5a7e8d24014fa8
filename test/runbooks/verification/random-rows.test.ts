import * as fc from 'fast-check';
import { verifyTables } from '../../../runbooks/verification/verify';
import { clock, startTwoEngines, type TestSide, type TwoEngines } from './two-engines';

/** Values as text that PostgreSQL reads; NULL as null. Every one is its own canonical text. */
const cells = {
  int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  numeric: fc.tuple(fc.bigInt(), fc.integer({ min: 0, max: 9 })).map(([n, scale]) => `${n}.${'0'.repeat(scale)}1`),
  float8: fc.double({ noNaN: true }).map((n) => (Object.is(n, -0) ? '-0' : String(n))),
  text: fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', '')),
  bytea: fc.uint8Array({ maxLength: 9 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`),
  timestamptz: fc
    .tuple(fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }), fc.integer({ min: 0, max: 999_999 }))
    .map(([seconds, micros]) =>
      new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, `.${String(micros).padStart(6, '0')}Z`),
    )
    .filter((text) => /^\d{4}-/.test(text) && !text.startsWith('0000')),
  uuid: fc.uuid(),
  bool: fc.boolean().map(String),
};
const types = Object.keys(cells) as (keyof typeof cells)[];
const row = fc.tuple(...types.map((type) => fc.option(cells[type], { freq: 6 })));

let engines: TwoEngines;
let sides: { source: TestSide; target: TestSide };
beforeAll(async () => {
  engines = await startTwoEngines();
  const columns = types.map((type, index) => `c${index} ${type}`).join(', ');
  sides = await engines.database('random', `CREATE TABLE t (id int PRIMARY KEY, ${columns})`);
});
afterAll(() => engines.close());

const lists = types.map((type, index) => `$${index + 2}::text[]::${type}[]`).join(', ');
const insert = `INSERT INTO t SELECT * FROM unnest($1::int[], ${lists})`;

type Rows = readonly (readonly (string | null)[])[];
async function load({ client }: TestSide, rows: Rows): Promise<void> {
  await client.query('TRUNCATE t');
  await client.query(insert, [rows.map((_, id) => id), ...types.map((_, index) => rows.map((cells) => cells[index]))]);
}
const verify = async () => {
  const { tables } = await verifyTables({
    primary: { engine: 'postgres', reader: sides.source.reader },
    other: { engine: 'aurora-postgresql', reader: sides.target.reader },
    tables: { include: ['public.%'], exclude: [], waivers: [] },
    clock,
    settleMilliseconds: 0,
    rechecks: 0,
    quiet: true,
    signal: new AbortController().signal,
  });
  return tables[0]?.divergentKeys.map(({ key, columns }) => `${key[0]}:${columns?.join()}`).sort();
};

test('random rows are equal to their copy, and one changed cell is found exactly', async () => {
  const change = fc.record({ at: fc.nat(), column: fc.nat({ max: types.length - 1 }), by: row });
  const property = fc.asyncProperty(
    fc.array(row, { minLength: 1, maxLength: 60 }),
    change,
    async (rows, { at, column, by }) => {
      await Promise.all([load(sides.source, rows), load(sides.target, rows)]);
      expect(await verify()).toEqual([]);
      const id = at % rows.length;
      const before = rows[id]?.[column] ?? null;
      const after = by[column] ?? null;
      await load(
        sides.target,
        rows.with(
          id,
          (rows[id] ?? []).map((cell, index) => (index === column ? after : cell)),
        ),
      );
      expect(await verify()).toEqual(before === after ? [] : [`${id}:c${column}`]);
    },
  );
  await fc.assert(property, { numRuns: 40, endOnFailure: true });
});
