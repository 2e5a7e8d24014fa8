import { readFileSync } from 'node:fs';
import { environments } from '../../../environments';
import { conversionTriggers, standingTriggers } from '../../../definition/replication/conversion-triggers';
import { startTwoEngines, type TwoEngines } from '../../runbooks/verification/two-engines';

const [trigger, seconds, cents] = conversionTriggers([
  { kind: 'rename-schema', schema: 'shop', to: 'store' },
  { kind: 'rename-table', table: 'shop.parcel', to: "the parcel's" },
  { kind: 'rename-column', table: 'shop.parcel', column: 'us', to: 'micro "seconds"' },
  { kind: 'microseconds-to-interval', table: 'shop.parcel', column: 'us', to: 'transit' },
  {
    ...{ kind: 'convert-column', table: 'shop.visit', column: 'seconds', to: 'at' },
    ...{ forward: 'to_timestamp($value)::timestamp', reverse: 'extract(epoch FROM $value)::int8' },
  },
  {
    ...{ kind: 'convert-column', table: 'shop.visit', column: 'cents', to: 'price' },
    ...{ forward: '$value::numeric / 100', reverse: '($value * 100)::int8' },
  },
]) as [Trigger, Trigger, Trigger];
type Trigger = ReturnType<typeof conversionTriggers>[number];

let engines: TwoEngines;
let sides: Awaited<ReturnType<TwoEngines['database']>>;
beforeAll(async () => {
  engines = await startTwoEngines();
  sides = await engines.database(
    'intervals',
    `CREATE SCHEMA store; CREATE TABLE store."the parcel's" (id int PRIMARY KEY, "micro ""seconds""" bigint, transit interval);
     INSERT INTO store."the parcel's" VALUES (0, 60000001, NULL); ${trigger.sql} ${trigger.sql}
     CREATE TABLE store.visit (id int PRIMARY KEY, seconds bigint, at timestamp, cents bigint, price numeric(8, 1));
     INSERT INTO store.visit (id, seconds, cents) VALUES (0, 1700000000, 1250);
     SET TimeZone = 'Asia/Tokyo'; ${seconds.sql} ${cents.sql} RESET TimeZone`,
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
        /store.the parcel's.transit cannot be .* beside micro "seconds" -?\d+: months and infinity are no number of microseconds|out of range/,
      );
      await expect(put('transit', text)).rejects.toThrow(/cannot be|out of range/);
    },
  );

  test('expressions of the definition convert there and back, whatever the session says of time zones', async () => {
    const visit = () => ask(`SELECT seconds, at::text, cents, price::text FROM store.visit WHERE id = 0`);
    const first = { seconds: '1700000000', at: '2023-11-14 22:13:20', cents: '1250', price: '12.5' };
    expect(await visit()).toEqual([first]);
    await ask(`SET TimeZone = 'America/Lima'`);
    await ask(`UPDATE store.visit SET at = '2024-01-01 00:00:00', price = 7.1 WHERE id = 0`);
    expect(await visit()).toEqual([{ seconds: '1704067200', at: '2024-01-01 00:00:00', cents: '710', price: '7.1' }]);
    await ask(`UPDATE store.visit SET seconds = 1700000000, cents = 1250 WHERE id = 0`);
    expect(await visit()).toEqual([first]);
    await ask('SET session_replication_role = replica');
    await ask(`UPDATE store.visit SET seconds = NULL, cents = 10 WHERE id = 0`);
    expect(await visit()).toEqual([{ seconds: null, at: null, cents: '10', price: '0.1' }]);
    await ask('RESET session_replication_role');
    await ask('RESET TimeZone');
  });

  test.each([
    [`at = '2024-01-01 00:00:00.5'`, 'at cannot be 2024-01-01 00:00:00.5 beside seconds 17040672'],
    [`price = 'NaN'`, 'out of range|cannot convert NaN'],
    [`cents = 1255`, 'price cannot be 12.6 beside cents 1255: converted there and back it is another value'],
  ])('%s is refused to the application: it would not come back', async (change, refusal) => {
    await ask(`UPDATE store.visit SET seconds = 5, cents = 20 WHERE id = 0`);
    await expect(ask(`UPDATE store.visit SET ${change} WHERE id = 0`)).rejects.toThrow(new RegExp(refusal));
    // A row that replication has brought so is let be as long as nobody changes either of the two.
    await ask('SET session_replication_role = replica');
    await ask(`UPDATE store.visit SET cents = 1255 WHERE id = 0`);
    await ask('RESET session_replication_role');
    await ask(`UPDATE store.visit SET seconds = 6 WHERE id = 0`);
  });

  test('the trial fails where an expression does not fit its columns, without reading a row', async () => {
    expect(await ask(seconds.trial)).toEqual([]);
    const [wrong] = conversionTriggers([
      {
        ...{ kind: 'convert-column', table: 'store.visit', column: 'cents', to: 'price' },
        ...{ forward: `$value || ' EUR'`, reverse: '$value::int8' },
      },
    ]);
    await expect(ask(wrong?.trial ?? '')).rejects.toThrow(/operator does not exist: numeric = text/);
  });

  test('it stands only while it is what was generated, and fires always', async () => {
    const standing = async () => {
      const { sql, values } = standingTriggers([trigger, seconds, cents]);
      return (await ask(sql, ...values)).length;
    };
    expect(await standing()).toBe(3);
    await ask(`ALTER FUNCTION store.${seconds.name}() RESET TimeZone`);
    expect(await standing()).toBe(2);
    await ask(`ALTER FUNCTION store.${cents.name}() SECURITY DEFINER`);
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
  const generated = conversionTriggers(transformations);
  expect(generated.map(({ table, to }) => `${table}.${to}`)).toEqual([
    'orders.shipment.transit',
    'orders.shipment.weight_kilograms',
  ]);
  for (const { sql } of generated) expect(schema).toContain(sql);
});
