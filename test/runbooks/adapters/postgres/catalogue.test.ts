import { failureOf, perform, soon, startTwoSides, type TwoSides } from './two-sides';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides(['source']);
});
afterAll(() => sides.close());

const hostileTable = `"Odd ""Names""; DROP TABLE x"`;

test('sequences of migrated tables and schemas are read exactly, whatever was done to them', async () => {
  const side = sides.source;
  await side.ask(
    `SET ROLE billing_owner;
    CREATE TABLE billing.${hostileTable} (id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 10 START WITH 5) PRIMARY KEY);
    CREATE SEQUENCE public.shared_numbers AS smallint MAXVALUE 30000;
    CREATE TABLE billing.notes (number smallint PRIMARY KEY DEFAULT nextval('public.shared_numbers'));
    CREATE SEQUENCE billing."called by the application";
    CREATE SEQUENCE public.not_ours;
    CREATE TABLE billing.tmp_excluded (id serial PRIMARY KEY);
    SELECT setval('billing.customers_id_seq', 9007199254740993);
    SELECT setval('billing.invoices_id_seq', 500, false);
    ALTER SEQUENCE public.shared_numbers RESTART WITH 40;`.replace(
      'CREATE SEQUENCE public',
      'RESET ROLE; GRANT CREATE ON SCHEMA public TO billing_owner; SET ROLE billing_owner; CREATE SEQUENCE public',
    ),
  );
  const database = await side.connect();
  expect(await database.sequences.readSequences(soon())).toEqual([
    {
      name: `billing."Odd ""Names""; DROP TABLE x_id_seq"`,
      feeds: ['billing.Odd "Names"; DROP TABLE x.id'],
      lastValue: '-5',
      increment: '10',
      maximum: '9223372036854775807',
    },
    {
      name: 'billing."called by the application"',
      feeds: [],
      lastValue: '0',
      increment: '1',
      maximum: '9223372036854775807',
    },
    {
      name: 'billing.customers_id_seq',
      feeds: ['billing.customers.id'],
      lastValue: '9007199254740993',
      increment: '1',
      maximum: '9223372036854775807',
    },
    {
      name: 'billing.invoices_id_seq',
      feeds: ['billing.invoices.id'],
      lastValue: '499',
      increment: '1',
      maximum: '2147483647',
    },
    {
      name: 'public.shared_numbers',
      feeds: ['billing.notes.number'],
      lastValue: '39',
      increment: '1',
      maximum: '30000',
    },
  ]);
  await database.close();
});

test('sequences go up, all or none, and never back', async () => {
  const side = sides.source;
  const database = await side.started();
  const odd = `billing."Odd ""Names""; DROP TABLE x_id_seq"`;
  const wanted = new Map([
    ['billing.customers_id_seq', '9007199254741993'],
    ['billing.invoices_id_seq', '100'],
    [odd, '1005'],
  ]);
  expect(await perform(database.sequences.advanceSequences(wanted))).toBe('applied');
  expect(await perform(database.sequences.advanceSequences(wanted))).toBe('already');
  const next = (name: string) => side.ask<string>('SELECT nextval($1)::text', [name]);
  expect(await next('billing.customers_id_seq')).toEqual(['9007199254741994']);
  // It stood higher than wanted: not touched.
  expect(await next('billing.invoices_id_seq')).toEqual(['500']);
  expect(await next(odd)).toEqual(['1015']);

  const tooHigh = new Map([['public.shared_numbers', '30001']]);
  expect((await failureOf(perform(database.sequences.advanceSequences(tooHigh)))).message).toContain(
    'its maximum is 30000',
  );
  const unknown = new Map([['public.not_ours', '5']]);
  expect((await failureOf(perform(database.sequences.advanceSequences(unknown)))).message).toContain(
    'no sequence of the migrated',
  );
  const half = new Map([['billing.customers_id_seq', '9007199254749999'], ...unknown]);
  await failureOf(database.sequences.advanceSequences(half).act(soon()));
  expect(await next('billing.customers_id_seq')).toEqual(['9007199254741995']);
  await database.close();
});

test('a sequence that counts down is refused by name, before anything is moved', async () => {
  const side = sides.source;
  await side.createDatabase('descending');
  await side.ask('CREATE SEQUENCE billing.countdown INCREMENT BY -1', [], 'descending');
  const manifest = structuredClone(sides.manifest);
  manifest.databases.source.database = 'descending';
  const database = await side.connect({ manifest });
  expect(await failureOf(database.sequences.readSequences(soon()))).toMatchObject({
    code: 'descending-sequence',
    message: expect.stringContaining('billing.countdown') as string,
  });
  await database.close();
});

test('a slot is created afresh, advanced to the end of the log, and dropped', async () => {
  const side = sides.source;
  const database = await side.started();
  const { slots } = database;
  expect(await slots.readSlot('turn', soon())).toBeUndefined();
  await perform(slots.createSlot('turn'));
  const first = await slots.readSlot('turn', soon());
  expect(first).toMatchObject({ name: 'turn', active: false, retention: 'reserved' });
  await perform(slots.createSlot('turn'));
  const again = await slots.readSlot('turn', soon());
  const isAfter = (a?: string, b?: string) => side.ask<boolean>('SELECT $1::pg_lsn > $2::pg_lsn', [a, b]);
  expect(await isAfter(again?.confirmedPosition, first?.confirmedPosition)).toEqual([true]);

  await side.ask(`INSERT INTO billing.customers (name) VALUES ('before the advance')`);
  await side.ask(`SET synchronous_commit = off; INSERT INTO billing.customers (name) VALUES ('not flushed yet')`);
  await perform(slots.advanceSlot('turn'));
  await side.ask(`INSERT INTO billing.customers (name) VALUES ('after the advance')`);
  const replayed = (
    await side.ask(`SELECT string_agg(data, ' ') FROM pg_logical_slot_peek_changes('turn', NULL, NULL)`)
  )[0];
  expect(replayed).toContain('after the advance');
  expect(replayed).not.toMatch(/before the advance|not flushed yet/);
  expect(await perform(slots.dropSlot('turn'))).toBe('applied');
  expect(await perform(slots.dropSlot('turn'))).toBe('already');
  await failureOf(perform(slots.advanceSlot('turn')));
  await failureOf(perform(slots.createSlot('Not A Slot Name')));
  await database.close();
});

test('creating a slot waits for open transactions until it is interrupted, and leaves none then', async () => {
  const side = sides.source;
  const database = await side.started();
  const app = await side.session('billing_app');
  await app.query(`BEGIN; INSERT INTO billing.customers (name) VALUES ('long')`);
  const failure = await failureOf(perform(database.slots.createSlot('waits'), AbortSignal.timeout(500)));
  expect(failure.name).toBe('TimeoutError');
  expect(await database.slots.readSlot('waits', soon())).toBeUndefined();
  const creating = perform(database.slots.createSlot('waits'));
  await app.query('COMMIT');
  expect(await creating).toBe('applied');
  await perform(database.slots.dropSlot('waits'));
  await Promise.all([app.end(), database.close()]);
});

test('what is connected and under way is seen', async () => {
  const side = sides.source;
  const database = await side.started();
  const app = await side.session('billing_app');
  await app.query(`SET application_name = 'it''s "billing"'`);
  const admin = await side.session('postgres');
  await app.query(`BEGIN; INSERT INTO billing.customers (name) VALUES ('open')`);
  expect(await database.sessions.census(soon())).toEqual(
    expect.arrayContaining([
      {
        account: 'billing_app',
        application: `it's "billing"`,
        clientAddress: expect.stringMatching(/^127\./) as string,
        count: 1,
      },
    ]),
  );
  expect((await database.sessions.census(soon())).map((group) => group.account)).not.toContain('cutover_runbook');
  expect((await database.sessions.openTransactions(0, soon())).map((one) => one.account)).toEqual(['billing_app']);
  expect(await database.sessions.openTransactions(3600, soon())).toEqual([]);
  expect(await database.sessions.ddlUnderWay(soon())).toEqual([]);
  await app.query('ROLLBACK');
  await admin.query(
    `BEGIN; ALTER TABLE billing.${hostileTable} ADD COLUMN more text; CREATE TABLE public.elsewhere ()`,
  );
  const rule = await failureOf(app.query(`SET lock_timeout = 1; ALTER TABLE billing.customers ADD COLUMN more text`));
  expect(rule.message).toMatch(/owner/);
  expect(await database.sessions.ddlUnderWay(soon())).toEqual([
    { account: 'postgres', table: `billing.${hostileTable}`, processId: expect.stringMatching(/^\d+$/) as string },
  ]);
  await admin.query('ROLLBACK');
  await Promise.all([app.end(), admin.end(), database.close()]);
});
