import type { Manifest } from '../../../definition/manifest/sections';
import { verifyTables, type TableResult, type Verification } from '../../../runbooks/verification/verify';
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

describe('what cannot be proven', () => {
  let sides: Sides;
  beforeAll(async () => {
    sides = await engines.database(
      'unproven',
      `CREATE TABLE keyless (v int); CREATE TABLE narrow (id int PRIMARY KEY); CREATE TABLE mixed (id int PRIMARY KEY);
       CREATE SCHEMA cutover_flow; CREATE TABLE cutover_flow.marker (v int); CREATE TABLE awsdms_status (v int);
       CREATE TABLE parts (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
       CREATE TABLE parts_2024 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
       INSERT INTO parts VALUES (1, '2024-02-29')`,
    );
    await sides.source.client.query(
      `CREATE TABLE lonely (id int PRIMARY KEY); ALTER TABLE narrow ADD extra text; ALTER TABLE mixed ADD doc json`,
    );
    await sides.target.client.query(`ALTER TABLE mixed ADD doc jsonb`);
  });
  const tables = async (patch: Partial<Manifest['tables']> = {}) => {
    const result = await verify(sides, { tables: { ...everything, include: ['%.%', 'nothing.%'], ...patch } });
    return { result, named: new Map(result.tables.map((table) => [table.table, table])) };
  };

  test('is unverified with the reason, and control tables are nobody’s', async () => {
    const { result, named } = await tables();
    expect(named.get('public.keyless')?.reason).toMatch(/neither a primary key nor a unique key/);
    expect(named.get('public.narrow')?.reason).toBe('column extra is missing on the other side');
    expect(named.get('public.mixed')?.reason).toMatch(/doc: json .* jsonb .* no pair of the type table/);
    expect(named.get('nothing.%')?.reason).toMatch(/no table of either side/);
    expect(named.get('public.parts')).toMatchObject({ status: 'equal', rows: 1 });
    expect([...named.keys()].filter((name) => /parts_2024|cutover|awsdms/.test(name))).toEqual([]);
    expect([...result.unverifiedTables].sort()).toEqual([
      'nothing.%',
      'public.keyless',
      'public.mixed',
      'public.narrow',
    ]);
  });

  test('a table on one side only differs even when it is empty', async () => {
    const { named } = await tables();
    expect(named.get('public.lonely')).toMatchObject({ status: 'divergent', divergentRows: 1 });
  });

  test('a waiver by name takes a table off the list, and it is still not called equal', async () => {
    const waivers = [{ table: 'public.keyless', check: 'unverified', reason: 'append-only log' }];
    const { result, named } = await tables({ waivers });
    expect(result.unverifiedTables).not.toContain('public.keyless');
    expect(named.get('public.keyless')).toMatchObject({ status: 'unverified', waived: true });
  });

  test('rows that row-level security hides and tables that may not be read are not passed over', async () => {
    await both(
      sides,
      `CREATE ROLE limited LOGIN PASSWORD 'secret'; CREATE TABLE hidden (id int PRIMARY KEY); GRANT SELECT ON hidden TO limited;
       ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; CREATE TABLE closed (id int PRIMARY KEY)`,
    );
    const limited = await engines.reopen(sides.target, { user: 'limited' });
    const result = await verify({ ...sides, target: limited }, { tables: { ...everything, include: ['public.%d%'] } });
    const named = new Map(result.tables.map((table) => [table.table, table]));
    expect(named.get('public.hidden')?.reason).toMatch(/row-level security/);
    expect(named.get('public.closed')?.reason).toMatch(/may not read/);
  });
});

test('renames of the definition are followed in both directions', async () => {
  const sides = await engines.database('renamed', 'SELECT 1');
  await sides.source.client.query(`CREATE SCHEMA old; CREATE TABLE old.a (id int PRIMARY KEY, "Label" text, junk int);
    INSERT INTO old.a VALUES (1, 'x', 9)`);
  await sides.target.client.query(`CREATE SCHEMA new; CREATE TABLE new.b (id int PRIMARY KEY, label text);
    INSERT INTO new.b VALUES (1, 'x')`);
  const tables: Manifest['tables'] = {
    ...everything,
    include: ['old.%'],
    transformations: [
      { kind: 'rename-schema', schema: 'old', to: 'new' },
      { kind: 'rename-table', table: 'old.a', to: 'b' },
      { kind: 'rename-column', table: 'old.a', column: 'Label', to: 'label' },
      { kind: 'drop-column', table: 'old.a', column: 'junk' },
    ],
  };
  expect(only((await verify(sides, { tables })).tables)).toMatchObject({ table: 'old.a', status: 'equal', rows: 1 });
  const turned = await verify(sides, {
    tables,
    primary: { engine: 'postgres', reader: sides.target.reader, side: 'target' },
    other: { engine: 'postgres', reader: sides.source.reader, side: 'source' },
  });
  expect(only(turned.tables)).toMatchObject({ table: 'new.b', status: 'equal', rows: 1 });
});
