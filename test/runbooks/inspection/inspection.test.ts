import { readFileSync } from 'node:fs';
import type { Manifest } from '../../../definition/manifest/sections';
import { compareSchemas } from '../../../runbooks/inspection/compare-schemas';
import { inspectData } from '../../../runbooks/inspection/data-fitness';
import { readSequenceRoom } from '../../../runbooks/inspection/sequence-room';
import type { SqlReader } from '../../../runbooks/ports/sql-reader';
import { startTwoEngines, type TestSide, type TwoEngines } from '../verification/two-engines';

const schema = readFileSync('rehearsal/scenarios/billing/schema.sql', 'utf8');
const tables: Manifest['tables'] = { include: ['public.%'], exclude: [], waivers: [] };
const signal = new AbortController().signal;

let engines: TwoEngines;
let sides: { source: TestSide; target: TestSide };
beforeAll(async () => {
  engines = await startTwoEngines();
  sides = await engines.database(
    'billing',
    `${schema}; CREATE ROLE app LOGIN; CREATE ROLE report LOGIN; CREATE EXTENSION hstore;
     GRANT SELECT, INSERT, UPDATE ON customers, invoices TO app; GRANT USAGE ON SEQUENCE credit_note_numbers TO app;
     CREATE VIEW open_invoices AS SELECT i.id, c.email FROM invoices i JOIN customers c ON c.id = i.customer_id;
     CREATE VIEW plain AS SELECT invoices.id FROM invoices;
     CREATE INDEX by_name ON customers (lower(display_name) text_pattern_ops) INCLUDE (locale);
     ALTER TABLE prices ADD EXCLUDE USING btree (unit_amount WITH =) WHERE (unit_amount < 0);
     CREATE SCHEMA cutover_local; CREATE TABLE cutover_local.state (v int)`,
  );
});
afterAll(() => engines.close());

const compare = (primary = sides.source.reader, other = sides.target.reader, accounts = ['app', 'report']) =>
  compareSchemas({ primary, other, tables, accounts, signal });
const alter = (sql: string) => sides.target.client.query(sql);

test('the same schema on two majors has no differences, whatever the search path', async () => {
  await alter(`ALTER DATABASE billing SET search_path = public, pg_catalog; DROP SCHEMA cutover_local CASCADE`);
  sides = { ...sides, target: await engines.reopen(sides.target) };
  expect(await compare()).toEqual([]);
});

/** What goes wrong on the other side, where it is reported, and whether its DDL mends it. */
const mishaps: [string, string, { object: string; kind: string; severity?: string }, 'mended'?][] = [
  ['an index is missing', 'DROP INDEX invoices_customer', { object: 'public.invoices', kind: 'index' }, 'mended'],
  [
    'an index is partial',
    'DROP INDEX by_name; CREATE INDEX other ON customers (lower(display_name))',
    { object: 'public.customers', kind: 'index' },
    'mended',
  ],
  [
    'a unique key is missing',
    'ALTER TABLE customers DROP CONSTRAINT customers_email_key',
    { object: 'public.customers', kind: 'unique key' },
    'mended',
  ],
  [
    'a primary key is missing',
    'ALTER TABLE tax_rates DROP CONSTRAINT tax_rates_pkey',
    { object: 'public.tax_rates', kind: 'primary key' },
    'mended',
  ],
  [
    'a foreign key is missing',
    'ALTER TABLE payments DROP CONSTRAINT payments_customer_id_fkey',
    { object: 'public.payments', kind: 'foreign key' },
    'mended',
  ],
  [
    'a check is missing',
    'ALTER TABLE tax_rates DROP CONSTRAINT tax_rates_rate_check',
    { object: 'public.tax_rates', kind: 'check' },
    'mended',
  ],
  [
    'an exclusion is missing',
    'ALTER TABLE prices DROP CONSTRAINT prices_unit_amount_excl',
    { object: 'public.prices', kind: 'exclusion' },
    'mended',
  ],
  ['a check is stricter', "ALTER TABLE products ADD CHECK (name <> '')", { object: 'public.products', kind: 'check' }],
  [
    'a column is missing',
    'ALTER TABLE payments DROP COLUMN receipt',
    { object: 'public.payments', kind: 'presence of column receipt' },
    'mended',
  ],
  [
    'a column is added',
    'ALTER TABLE payments ADD extra int NOT NULL',
    { object: 'public.payments', kind: 'presence of column extra' },
  ],
  [
    'a column is shorter',
    'ALTER TABLE tax_rates ALTER label TYPE varchar(10)',
    { object: 'public.tax_rates', kind: 'type of column label' },
    'mended',
  ],
  [
    'a column forbids NULL',
    'ALTER TABLE invoices ALTER notes SET NOT NULL',
    { object: 'public.invoices', kind: 'nullability of column notes' },
    'mended',
  ],
  [
    'a default is lost',
    'ALTER TABLE customers ALTER tags DROP DEFAULT',
    { object: 'public.customers', kind: 'default of column tags' },
    'mended',
  ],
  [
    'an identity is lost',
    'ALTER TABLE customers ALTER id DROP IDENTITY',
    { object: 'public.customers', kind: 'identity of column id' },
    'mended',
  ],
  [
    'a computed column is copied',
    'ALTER TABLE invoices ALTER total DROP EXPRESSION',
    { object: 'public.invoices', kind: 'generation of column total' },
  ],
  [
    'a trigger is missing',
    'DROP TRIGGER invoices_touched ON invoices',
    { object: 'public.invoices', kind: 'trigger invoices_touched' },
    'mended',
  ],
  [
    'a trigger fires always',
    'ALTER TABLE customers ENABLE ALWAYS TRIGGER customers_touched',
    { object: 'public.customers', kind: 'trigger customers_touched' },
  ],
  [
    'a routine has another body',
    "CREATE OR REPLACE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    { object: 'public.touch_updated_at()', kind: 'routine' },
    'mended',
  ],
  ['a view is missing', 'DROP VIEW open_invoices', { object: 'public.open_invoices', kind: 'view' }, 'mended'],
  [
    'an enum lacks its order',
    "ALTER TYPE payment_method ADD VALUE 'barter' BEFORE 'cash'",
    { object: 'public.payment_method', kind: 'enum' },
  ],
  [
    'a domain is looser',
    'ALTER DOMAIN currency_code DROP CONSTRAINT currency_code_check',
    { object: 'public.currency_code', kind: 'domain' },
  ],
  [
    'a sequence ends earlier',
    'ALTER SEQUENCE credit_note_numbers MAXVALUE 9999',
    { object: 'public.credit_note_numbers', kind: 'sequence' },
  ],
  ['an extension is missing', 'DROP EXTENSION hstore', { object: 'hstore', kind: 'extension' }, 'mended'],
  [
    'a grant is missing',
    'REVOKE UPDATE ON invoices FROM app',
    { object: 'public.invoices', kind: 'grants of app' },
    'mended',
  ],
  ['a reader may write', 'GRANT DELETE ON invoices TO report', { object: 'public.invoices', kind: 'grants of report' }],
  [
    'a sequence is closed',
    'REVOKE USAGE ON SEQUENCE credit_note_numbers FROM app',
    { object: 'public.credit_note_numbers', kind: 'grants of app' },
    'mended',
  ],
  ['an account has a setting', "ALTER ROLE app SET statement_timeout = '1s'", { object: 'app', kind: 'account' }],
  ['an account is missing', 'DROP ROLE report', { object: 'report', kind: 'account' }],
  ['a table is unlogged', 'ALTER TABLE credit_notes SET UNLOGGED', { object: 'public.credit_notes', kind: 'table' }],
  ['a table is missing', 'DROP TABLE webhook_deliveries', { object: 'public.webhook_deliveries', kind: 'table' }],
  [
    'an index too many',
    'CREATE INDEX extra ON payments (amount)',
    { object: 'public.payments', kind: 'index', severity: 'note' },
  ],
];

test.each(mishaps.map(([what, ...rest]) => [what, rest] as const))(
  'is told that %s',
  async (_what, [sql, expected, mended]) => {
    const primary = remembering(sides.source.reader);
    // The other side is read within the transaction that changed it.
    const other = readerWithin(sides.target);
    await alter('BEGIN');
    try {
      await alter(sql);
      const found = await compare(primary, other);
      expect(found).toContainEqual(expect.objectContaining({ severity: 'blocks', ...expected }));
      if (!mended) return;
      for (const { onPrimary, ddl } of found) if (onPrimary !== undefined) await alter(ddl ?? 'SELECT 1/0');
      const left = await compare(primary, other, []);
      expect(left.filter((one) => one.severity === 'blocks')).toEqual([]);
    } finally {
      await alter('ROLLBACK');
    }
  },
);

const answers = new Map<string, ReturnType<SqlReader['query']>>();
/** Nothing changes on the source: its catalogue is read once for all the cases. */
const remembering = (reader: SqlReader): SqlReader => ({
  query(sql, values, ends) {
    const question = JSON.stringify([sql, values]);
    const answer = answers.get(question) ?? reader.query(sql, values, ends);
    answers.set(question, answer);
    return answer;
  },
});

function readerWithin({ client }: TestSide): SqlReader {
  const asText = { getTypeParser: () => (value: unknown) => value } as never;
  return {
    query: async (text, values) =>
      (await client.query<Record<string, string | null>>({ text, values: [...values], types: asText })).rows,
  };
}

test('the database itself is compared', async () => {
  await sides.source.client.query(`ALTER DATABASE billing SET TimeZone = 'Europe/Berlin'`);
  const source = await engines.reopen(sides.source);
  const found = await compare(source.reader, sides.target.reader, []);
  expect(found).toEqual([
    expect.objectContaining({
      kind: 'parameter TimeZone',
      onPrimary: 'Europe/Berlin',
      onOther: 'UTC',
      severity: 'blocks',
    }),
  ]);
});

test('room in a sequence is that of the column behind it', async () => {
  await sides.source.client.query(`
    CREATE SCHEMA room; CREATE SEQUENCE room.wide; CREATE SEQUENCE room.down AS smallint INCREMENT -1;
    CREATE TABLE room.t (id int PRIMARY KEY DEFAULT nextval('room.wide')); ALTER SEQUENCE room.wide OWNED BY room.t.id;
    SELECT setval('room.wide', 2000000000); SELECT setval('room.down', -32768)`);
  const rooms = await readSequenceRoom({
    reader: sides.source.reader,
    tables: { ...tables, include: ['room.%'] },
    signal,
  });
  expect(rooms).toEqual([
    { sequence: 'room.down', lastValue: '-32768', limit: '-32768', roomPercent: 0 },
    { sequence: 'room.wide', column: 'room.t.id', lastValue: '2000000000', limit: '2147483647', roomPercent: 6.86 },
  ]);
  await sides.source.client.query('DROP SCHEMA room CASCADE');
});

test('data that replication does not carry is named', async () => {
  await sides.source.client.query(`
    CREATE SCHEMA odd; CREATE TABLE odd.keyless (v int); CREATE UNLOGGED TABLE odd.gone (id int PRIMARY KEY);
    CREATE TABLE odd.parts (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE odd.base (id int PRIMARY KEY);
    CREATE TABLE odd.child () INHERITS (odd.base); CREATE TABLE odd.typed (k text PRIMARY KEY, r regclass, m int4multirange, o oid);
    SELECT lo_create(0)`);
  const found = await inspectData({ reader: sides.source.reader, tables: { ...tables, include: ['odd.%'] }, signal });
  expect(found.map((one) => `${one.object} ${one.check} ${one.severity}`).sort()).toEqual([
    'database large-objects blocks',
    'odd.base inherited note',
    'odd.child no-key blocks',
    'odd.child no-old-key blocks',
    'odd.gone unlogged blocks',
    'odd.keyless no-key blocks',
    'odd.keyless no-old-key blocks',
    'odd.parts partitioned note',
    'odd.typed key-type note',
    'odd.typed large-objects note',
    'odd.typed type blocks',
    'odd.typed type blocks',
  ]);
});
