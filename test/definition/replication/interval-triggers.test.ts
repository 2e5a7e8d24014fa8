import { readFileSync } from 'node:fs';
import { environments } from '../../../environments';
import { intervalTriggers, standingIntervalTriggers } from '../../../definition/replication/interval-triggers';
import { startTwoEngines, type TwoEngines } from '../../runbooks/verification/two-engines';

const [trigger] = intervalTriggers([
  { kind: 'rename-schema', schema: 'shop', to: 'store' },
  { kind: 'rename-table', table: 'shop.parcel', to: "the parcel's" },
  { kind: 'rename-column', table: 'shop.parcel', column: 'us', to: 'micro "seconds"' },
  { kind: 'microseconds-to-interval', table: 'shop.parcel', column: 'us', to: 'transit' },
]) as [ReturnType<typeof intervalTriggers>[number]];

let engines: TwoEngines;
let sides: Awaited<ReturnType<TwoEngines['database']>>;
beforeAll(async () => {
  engines = await startTwoEngines();
  sides = await engines.database(
    'intervals',
    `CREATE SCHEMA store; CREATE TABLE store."the parcel's" (id int PRIMARY KEY, "micro ""seconds""" bigint, transit interval);
     INSERT INTO store."the parcel's" VALUES (0, 60000001, NULL); ${trigger.sql} ${trigger.sql}`,
  );
});
afterAll(() => engines.close());

const largest = '9223372036854775807';
const values: [string | null, string | null][] = [
  [null, null],
  ['0', '00:00:00'],
  ['1', '00:00:00.000001'],
  ['-1', '-00:00:00.000001'],
  ['-90000000001', '-1 days -01:00:00.000001'],
  ['9007199254740993', '104249 days 23:47:34.740993'],
  [largest, '106751991 days 04:00:54.775807'],
  ['-9223372036854775808', '-106751991 days -04:00:54.775808'],
];

describe.each(['source', 'target'] as const)('on the %s engine', (side) => {
  const ask = async (sql: string, ...given: unknown[]) =>
    (await sides[side].client.query(sql, given)).rows as unknown[];
  const row = () => ask(`SELECT "micro ""seconds""" AS us, transit::text FROM store."the parcel's" WHERE id = 1`);
  const put = async (columns: string, ...given: unknown[]) => {
    await ask(`DELETE FROM store."the parcel's" WHERE id = 1`);
    await ask(
      `INSERT INTO store."the parcel's" (id, ${columns}) VALUES (1, ${given.map((_, at) => `$${at + 1}`).join(', ')})`,
      ...given,
    );
  };
  const us = '"micro ""seconds"""';

  test('what stood there before is filled', async () => {
    expect(await ask(`SELECT transit::text FROM store."the parcel's" WHERE id = 0`)).toEqual([
      { transit: '00:01:00.000001' },
    ]);
  });

  test.each(values)('%s microseconds are %s, whoever writes', async (whole, interval) => {
    for (const role of ['replica', 'origin']) {
      await ask(`SET session_replication_role = ${role}`);
      await put(us, whole);
      expect(await row()).toEqual([{ us: whole, transit: interval }]);
    }
    await put('transit', interval);
    expect(await row()).toEqual([{ us: whole, transit: interval }]);
    await put(us, '7');
    await ask(`UPDATE store."the parcel's" SET transit = $1 WHERE id = 1`, interval);
    expect(await row()).toEqual([{ us: whole, transit: interval }]);
    await ask(`UPDATE store."the parcel's" SET ${us} = 8 WHERE id = 1`);
    expect(await row()).toEqual([{ us: '8', transit: '00:00:00.000008' }]);
  });

  test('replication overrules an interval, the application’s interval overrules microseconds', async () => {
    await ask('SET session_replication_role = replica');
    await put(`${us}, transit`, '5', '1 month');
    expect(await row()).toEqual([{ us: '5', transit: '00:00:00.000005' }]);
    await ask('SET session_replication_role = origin');
    await put(`${us}, transit`, '5', '1 day');
    expect(await row()).toEqual([{ us: '86400000000', transit: '1 day' }]);
  });

  test.each(['1 month', '-1 year', '2 years 3 days', '106751992 days'])(
    '%s is refused to the application',
    async (text) => {
      await put('transit', '30 days');
      await expect(ask(`UPDATE store."the parcel's" SET transit = $1 WHERE id = 1`, text)).rejects.toThrow(
        /store.the parcel's.transit cannot be .*: months and infinity are no number of microseconds|out of range/,
      );
      await expect(put('transit', text)).rejects.toThrow(/cannot be|out of range/);
    },
  );

  test('it stands only while it is what was generated, and fires always', async () => {
    const standing = async () =>
      (await ask(standingIntervalTriggers, [trigger.name], [trigger.body], [trigger.table])).length;
    expect(await standing()).toBe(1);
    await ask(`ALTER TABLE store."the parcel's" ENABLE TRIGGER ${trigger.name}`);
    expect(await standing()).toBe(0);
    await ask(trigger.sql.split('\n').find((line) => line.includes('ENABLE ALWAYS')) ?? '');
    await ask(
      `CREATE OR REPLACE FUNCTION store.${trigger.name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
    );
    expect(await standing()).toBe(0);
  });
});

test('infinity is refused where PostgreSQL has it', async () => {
  await sides.target.client.query(trigger.sql);
  await expect(
    sides.target.client.query(`INSERT INTO store."the parcel's" (id, transit) VALUES (9, 'infinity')`),
  ).rejects.toThrow(/cannot be infinity/);
});

test('the worked example ships the SQL that the product generates', () => {
  const { transformations } = environments['production']!.migrations['orders']!;
  const schema = readFileSync('rehearsal/scenarios/orders/target-schema.sql', 'utf8');
  const generated = intervalTriggers(transformations);
  expect(generated.map(({ table, to }) => `${table}.${to}`)).toEqual(['orders.shipment.transit']);
  for (const { sql } of generated) expect(schema).toContain(sql);
});
