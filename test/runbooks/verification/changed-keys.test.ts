import type { Manifest } from '../../../definition/manifest/sections';
import type { ChangedKeys } from '../../../runbooks/ports/changed-keys';
import type { Database } from '../../../runbooks/ports/database';
import { catchUpWithChanges, verifyChangedKeys } from '../../../runbooks/verification/changed-keys';
import { clock, perform, soon, startTwoSides, type TwoSides } from '../adapters/postgres/two-sides';

let engines: TwoSides;
let source: Database;
let target: Database;
let feed: ChangedKeys;

const schema = `
  ALTER DATABASE billing SET DateStyle = 'SQL, DMY';
  SET ROLE billing_owner;
  CREATE TABLE billing.lines (invoice int, line text, amount numeric(12,2), PRIMARY KEY (invoice, line));
  CREATE TABLE billing.parts (id int, day date, v text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
  CREATE TABLE billing.parts_2024 PARTITION OF billing.parts FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
  CREATE TABLE billing.blind (id int PRIMARY KEY, v text); ALTER TABLE billing.blind REPLICA IDENTITY NOTHING;
  CREATE TABLE billing.keyless (v text); RESET ROLE; CREATE TABLE public.strange (id int PRIMARY KEY)`;

beforeAll(async () => {
  engines = await startTwoSides();
  await Promise.all([engines.source.ask(schema), engines.target.ask(schema)]);
  source = await engines.source.started();
  target = await engines.target.started();
  feed = source.changedKeys as ChangedKeys;
  await perform(feed.open());
});
afterAll(async () => {
  await Promise.all([source.close(), target.close()]);
  await engines.close();
});

const tables: Manifest['tables'] = {
  include: ['billing.%'],
  exclude: [],
  waivers: [{ table: 'billing.keyless', check: 'unverified', reason: 'log' }],
};
const on = () => ({
  primary: { engine: 'postgres' as const, reader: source.reader },
  other: { engine: 'postgres' as const, reader: target.reader },
  ...{
    tables,
    feed,
    clock,
    signal: soon(),
    perform: async (effect: Parameters<typeof perform>[0]) => void (await perform(effect)),
  },
});
const catchUp = (rest: Partial<Parameters<typeof catchUpWithChanges>[0]> = {}) =>
  catchUpWithChanges({ ...on(), settleMilliseconds: 20, rechecks: 3, fewKeys: 10, rounds: 10, ...rest });
const both = (sql: string) => Promise.all([engines.source.ask(sql), engines.target.ask(sql)]);
const divergent = async () => {
  const { tables: found } = await verifyChangedKeys(on());
  return found.flatMap((table) => table.divergentKeys.map((one) => [table.table, one.kind, ...one.key]));
};

test('the feed knows since when it is open, and opening it again changes nothing', async () => {
  const opened = await feed.openedAtMilliseconds(soon());
  expect(opened).toBeGreaterThan(1_600_000_000_000);
  expect(await perform(feed.open())).toBe('already');
  expect(await feed.openedAtMilliseconds(soon())).toBe(opened);
});

test('every kind of change leaves its keys until they are proven', async () => {
  await both(`INSERT INTO billing.lines VALUES (1, 'a', 1), (2, 'it''s', 2), (3, 'c', 3); INSERT INTO billing.customers VALUES (7, 'x');
    UPDATE billing.lines SET invoice = 4 WHERE invoice = 3; DELETE FROM billing.lines WHERE invoice = 1;
    INSERT INTO billing.parts VALUES (1, '2024-02-29', 'x'); INSERT INTO public.strange VALUES (1)`);
  const columns = new Map([
    ['billing.lines', ['invoice', 'line']],
    ['billing.parts', ['id', 'day']],
    ['billing.customers', ['id']],
  ]);
  const { keys, wholeTables, complete } = await feed.collect(columns, soon());
  expect(keys.map(({ table, key }) => [table, ...key].join(' ')).sort()).toEqual([
    'billing.customers 7',
    'billing.lines 1 a',
    "billing.lines 2 it's",
    'billing.lines 3 c',
    'billing.lines 4 c',
    'billing.parts 1 2024-02-29',
  ]);
  expect(wholeTables).toContain('public.strange');
  expect(wholeTables).not.toContain('billing.parts_2024');
  expect(complete).toBe(true);

  expect(await catchUp()).toMatchObject({ caughtUp: true, openKeys: 0, lastRoundKeys: 6 });
  expect(await catchUp()).toMatchObject({ caughtUp: true, comparedKeys: 0 });
});

test('under the fence only what was written last is compared, and what differs there is named', async () => {
  await both(`INSERT INTO billing.lines SELECT 100, i::text, i FROM generate_series(1, 3000) i`);
  expect(await catchUp()).toMatchObject({ caughtUp: true, rounds: 2, comparedKeys: 3000 });
  await engines.source
    .ask(`UPDATE billing.lines SET amount = amount + 0.01 WHERE invoice = 100 AND line IN ('5', '6', '7');
    DELETE FROM billing.lines WHERE line = '8'; INSERT INTO billing.lines VALUES (101, 'new', 1)`);
  await engines.target.ask(
    `UPDATE billing.lines SET amount = amount + 0.01 WHERE invoice = 100 AND line IN ('5', '6')`,
  );
  const result = await verifyChangedKeys(on());
  expect(result).toMatchObject({ rows: 5, divergentRows: 3, unverifiedTables: [] });
  expect((await divergent()).sort()).toEqual([
    ['billing.lines', 'different', '100', '7'],
    ['billing.lines', 'missing on other', '101', 'new'],
    ['billing.lines', 'missing on primary', '100', '8'],
  ]);
  expect(await catchUp()).toMatchObject({ caughtUp: false, openKeys: 3 });
  // What is not proven stays in the feed, whoever asks next.
  expect(await divergent()).toHaveLength(3);
  await engines.target
    .ask(`UPDATE billing.lines SET amount = amount + 0.01 WHERE line = '7'; DELETE FROM billing.lines WHERE line = '8';
    INSERT INTO billing.lines VALUES (101, 'new', 1)`);
  expect(await divergent()).toEqual([]);
  expect(await catchUp()).toMatchObject({ caughtUp: true });
});

test('what arrives late is waited for', async () => {
  await engines.source.ask(`INSERT INTO billing.lines VALUES (200, 'late', 1)`);
  let slept = 0;
  const late = {
    ...clock,
    sleep: async () => {
      if ((slept += 1) === 2) await engines.target.ask(`INSERT INTO billing.lines VALUES (200, 'late', 1)`);
    },
  };
  expect(await catchUp({ clock: late })).toMatchObject({ caughtUp: true, openKeys: 0 });
  expect(slept).toBe(2);
});

test('a transaction that the log shows before readers see it is waited for', async () => {
  const session = await engines.source.session('postgres');
  await engines.source.ask(`ALTER SYSTEM SET synchronous_standby_names = 'nobody'`);
  await engines.source.ask('SELECT pg_reload_conf()');
  const waits = () => engines.source.ask(`SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'`);
  // The setting reaches commits a moment later: insert until one waits for a standby that never comes.
  let [inserted, committed] = [0, 0];
  let commit: Promise<unknown> = Promise.resolve();
  while ((await waits()).length === 0) {
    if (inserted === committed) {
      inserted += 1;
      commit = session.query(`INSERT INTO billing.lines VALUES (300, '${inserted}', 1)`).then(() => (committed += 1));
    }
    await clock.sleep(10, soon());
  }
  const columns = new Map([['billing.lines', ['invoice', 'line']]]);
  // A reader would find neither side to have the row, call them equal and forget the key.
  expect(
    await source.reader.query('SELECT FROM billing.lines WHERE invoice = 300 AND line = $1', [inserted], soon()),
  ).toEqual([]);
  const hasty = feed.collect(columns, AbortSignal.timeout(300));
  await expect(hasty).rejects.toMatchObject({ name: 'TimeoutError' });
  await engines.source.ask(`ALTER SYSTEM RESET synchronous_standby_names`);
  await engines.source.ask('SELECT pg_reload_conf()');
  await commit;
  await session.end();
  const { keys } = await feed.collect(columns, soon());
  expect(keys).toContainEqual({ table: 'billing.lines', key: ['300', String(inserted)] });
  await engines.target.ask(`INSERT INTO billing.lines SELECT 300, i::text, 1 FROM generate_series(1, ${inserted}) i`);
  expect(await catchUp()).toMatchObject({ caughtUp: true });
});

test('where no key describes the changes, every row of the table is compared, again while writes go on', async () => {
  await both(`INSERT INTO billing.blind VALUES (1, 'a')`);
  expect(await catchUp()).toMatchObject({ caughtUp: true });
  await both(`UPDATE billing.blind SET v = 'b'; TRUNCATE billing.lines`);
  await engines.target.ask(`UPDATE billing.blind SET v = 'c'`);
  expect(await catchUp()).toMatchObject({ caughtUp: false, openKeys: 1, wholeTables: [] });
  const result = await verifyChangedKeys(on());
  expect(result).toMatchObject({ divergentRows: 1, unverifiedTables: [] });
  expect(result.tables.find((one) => one.table === 'billing.blind')).toMatchObject({
    status: 'divergent',
    divergentKeys: [{ key: ['1'], columns: ['v'] }],
  });
  expect(result.tables.find((one) => one.table === 'billing.lines')).toMatchObject({ status: 'equal', rows: 0 });
  expect(result.tables.find((one) => one.table === 'billing.keyless')).toMatchObject({ waived: true });
  await engines.target.ask(`UPDATE billing.blind SET v = 'b'`);
  expect(await catchUp()).toMatchObject({ caughtUp: true });
  expect(await divergent()).toEqual([]);
});

test('a feed that was dropped is open no more, and closing leaves nothing behind', async () => {
  await perform(feed.close());
  expect(await feed.openedAtMilliseconds(soon())).toBeUndefined();
  expect(await engines.source.ask(`SELECT slot_name FROM pg_replication_slots`)).toEqual([]);
});
