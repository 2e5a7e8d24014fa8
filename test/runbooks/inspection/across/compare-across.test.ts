import { readFileSync } from 'node:fs';
import type { Manifest } from '../../../../definition/manifest/sections';
import { environments } from '../../../../environments';
import { compareAcross } from '../../../../runbooks/inspection/across/compare-across';
import { missingConstraints, reverseConstraints } from '../../../../runbooks/inspection/across/reverse-fitness';
import { describeWithMysql } from '../../../mysql-server';
import { startPostgresBeside, type PostgresBeside, type TwoFamilies } from '../../verification/two-families';

const signal = new AbortController().signal;
const { transformations } = environments['production']!.migrations['orders']!;
const tables: Manifest['tables'] = { include: ['orders.%'], exclude: [], waivers: [], transformations };
const scenario = (name: string) => readFileSync(`rehearsal/scenarios/orders/${name}-schema.sql`, 'utf8');

/** The client's own statement, which servers do not know. */
const withoutDelimiters = (sql: string) => sql.replaceAll(/^DELIMITER .*$/gm, '').replaceAll(/;;$/gm, ';');

describeWithMysql('schemas of two engines', (server) => {
  let beside: PostgresBeside;
  let sides: TwoFamilies;
  beforeAll(async () => {
    beside = await startPostgresBeside(server());
    sides = await beside.database(server(), 'orders');
    await sides.mysql.query(withoutDelimiters(scenario('source')));
    await sides.mysql.query(
      'CREATE VIEW open_purchase AS SELECT id FROM purchase; CREATE TABLE child (id int PRIMARY KEY, tag_id int, CONSTRAINT child_tag FOREIGN KEY (tag_id) REFERENCES tag (id) ON DELETE CASCADE)',
    );
    await sides.postgres.query(`DROP SCHEMA orders CASCADE; ${scenario('target')};
      SET search_path = orders, public; CREATE VIEW open_purchase AS SELECT id FROM purchase;
      CREATE TABLE child (id int PRIMARY KEY, tag_id int CONSTRAINT child_tag REFERENCES tag ON DELETE CASCADE); CREATE INDEX child_tag ON child (tag_id)`);
  });
  afterAll(() => beside.close());

  const compare = (primaryIsSource = true) => {
    const source = { family: 'mysql', reader: sides.mysqlSide.reader } as const;
    const target = { family: 'postgres', reader: sides.postgresSide.reader } as const;
    const [primary, other] = primaryIsSource ? [source, target] : [target, source];
    return compareAcross({ primary, other, tables, primaryIsSource, signal });
  };
  const blocking = async (primaryIsSource = true) =>
    (await compare(primaryIsSource)).filter(({ severity }) => severity === 'blocks');

  test.each([true, false])('the worked example has what it needs on both sides (source first: %s)', async (first) => {
    expect(await blocking(first)).toEqual([]);
  });

  test('the worked example refuses on the target what the source cannot hold', async () => {
    const source = { family: 'mysql', reader: sides.mysqlSide.reader } as const;
    const target = { family: 'postgres', reader: sides.postgresSide.reader } as const;
    const wanted = await reverseConstraints({ source, target, tables, signal });
    expect(wanted.length).toBeGreaterThan(50);
    expect(await missingConstraints(wanted, target.reader, signal)).toEqual([]);
  });

  test('a table that keeps its old rows is told, as its log holds other changes than were made', async () => {
    if (server().engine.product !== 'mariadb') return;
    await sides.mysql.query('ALTER TABLE child ADD SYSTEM VERSIONING');
    const expected = { object: 'orders.child', kind: 'system versioning' };
    expect(await blocking()).toMatchObject([expected]);
    const [behind] = await blocking(false);
    expect(behind).toMatchObject(expected);
    await sides.mysql.query(behind?.ddl ?? '');
    expect(await blocking()).toEqual([]);
  });

  const mishaps: [string, string, { object: string; kind: string }, 'mended'?][] = [
    [
      'an index is missing',
      'DROP INDEX notification_state_id',
      { object: 'orders.notification', kind: 'index' },
      'mended',
    ],
    [
      'a unique index is missing',
      'DROP INDEX product_sku',
      { object: 'orders.product', kind: 'unique index' },
      'mended',
    ],
    [
      'a unique index is not unique',
      'DROP INDEX product_sku; CREATE INDEX product_code ON product (sku)',
      { object: 'orders.product', kind: 'unique index' },
      'mended',
    ],
    [
      'a unique index too many',
      'CREATE UNIQUE INDEX one_name ON product (name)',
      { object: 'orders.product', kind: 'unique index' },
    ],
    [
      'a foreign key is missing',
      'ALTER TABLE review DROP CONSTRAINT review_product_id_fk',
      { object: 'orders.review', kind: 'foreign key' },
      'mended',
    ],
    [
      'a foreign key acts otherwise',
      'ALTER TABLE child DROP CONSTRAINT child_tag, ADD CONSTRAINT child_tag FOREIGN KEY (tag_id) REFERENCES tag ON DELETE SET NULL',
      { object: 'orders.child', kind: 'foreign key' },
      'mended',
    ],
    [
      'a primary key is missing',
      'ALTER TABLE child DROP CONSTRAINT child_pkey',
      { object: 'orders.child', kind: 'primary key' },
      'mended',
    ],
    [
      'keys may be exchanged',
      'ALTER TABLE child DROP CONSTRAINT child_pkey, ADD CONSTRAINT child_pkey PRIMARY KEY (id) DEFERRABLE',
      { object: 'orders.child', kind: 'deferrable unique key child_pkey' },
      'mended',
    ],
    [
      'a default is missing',
      'ALTER TABLE product ALTER kind DROP DEFAULT',
      { object: 'orders.product', kind: 'default of column kind' },
      'mended',
    ],
    [
      'a default differs',
      'ALTER TABLE purchase ALTER discount SET DEFAULT 0.5',
      { object: 'orders.purchase', kind: 'default of column discount' },
      'mended',
    ],
    [
      'a moment is not set',
      'ALTER TABLE review ALTER created_at DROP DEFAULT',
      { object: 'orders.review', kind: 'default of column created_at' },
      'mended',
    ],
    [
      'null is allowed',
      'ALTER TABLE product ALTER name DROP NOT NULL',
      { object: 'orders.product', kind: 'nullability of column name' },
      'mended',
    ],
    [
      'null is refused',
      'ALTER TABLE product ALTER rating SET NOT NULL',
      { object: 'orders.product', kind: 'nullability of column rating' },
      'mended',
    ],
    [
      'a text is shorter',
      'ALTER TABLE product ALTER name TYPE varchar(199)',
      { object: 'orders.product', kind: 'type of column name' },
      'mended',
    ],
    [
      'a number is smaller',
      'ALTER TABLE product ALTER price TYPE numeric(10, 2)',
      { object: 'orders.product', kind: 'type of column price' },
      'mended',
    ],
    [
      'an unsigned number does not fit',
      'ALTER TABLE shipment DROP CONSTRAINT shipment_weight_grams; ALTER TABLE shipment ALTER weight_grams TYPE integer',
      { object: 'orders.shipment', kind: 'type of column weight_grams' },
      'mended',
    ],
    [
      'seconds are cut',
      'ALTER TABLE purchase ALTER paid_at TYPE timestamptz(3)',
      { object: 'orders.purchase', kind: 'type of column paid_at' },
      'mended',
    ],
    [
      'a label is missing',
      `ALTER TYPE purchase_status RENAME VALUE 'packed' TO 'wrapped'`,
      { object: 'orders.purchase', kind: 'type of column status' },
    ],
    [
      'a type is no pair',
      'ALTER TABLE category ALTER position TYPE text',
      { object: 'orders.category', kind: 'type of column position' },
    ],
    [
      'a column is missing',
      'ALTER TABLE product DROP weight_kg',
      { object: 'orders.product', kind: 'presence of column weight_kg' },
      'mended',
    ],
    [
      'a column is added',
      'ALTER TABLE product ADD colour text',
      { object: 'orders.product', kind: 'presence of column colour' },
    ],
    [
      'keys are not counted',
      'ALTER TABLE tag ALTER id DROP IDENTITY',
      { object: 'orders.tag', kind: 'identity of column id' },
      'mended',
    ],
    [
      'keys from outside are refused',
      'ALTER TABLE tag ALTER id SET GENERATED ALWAYS',
      { object: 'orders.tag', kind: 'identity of column id' },
      'mended',
    ],
    [
      'nothing is computed',
      'ALTER TABLE purchase_line ALTER amount DROP EXPRESSION',
      { object: 'orders.purchase_line', kind: 'generation of column amount' },
    ],
    ['a view is missing', 'DROP VIEW open_purchase', { object: 'orders.open_purchase', kind: 'view' }],
    [
      'a trigger is missing',
      'DROP TRIGGER customer_touched ON customer',
      { object: 'orders.customer', kind: 'trigger customer_touched' },
    ],
    ['a table is missing', 'DROP TABLE login_session', { object: 'orders.login_session', kind: 'table' }],
    ['a table is added', 'CREATE TABLE orders.more (id int)', { object: 'orders.more', kind: 'table' }],
  ];
  test.each(mishaps.map(([what, ...rest]) => [what, rest] as const))(
    'is told that %s',
    async (_, [sql, expected, mended]) => {
      const asked = sides.postgresSide.reader;
      // What is made is undone: both ends of it stand in one transaction, read by its own session.
      const within = {
        query: async (text: string, values: readonly unknown[]) =>
          (
            await sides.postgres.query<Record<string, string>>({
              text,
              values: [...values],
              types: { getTypeParser: () => (value: unknown) => value },
            })
          ).rows,
      };
      await sides.postgres.query('BEGIN');
      try {
        await sides.postgres.query(sql);
        Object.assign(sides.postgresSide, { reader: within });
        const found = await blocking();
        expect(found).toEqual([expect.objectContaining(expected), ...found.slice(1)]);
        if (!mended) return;
        for (const { onPrimary, ddl } of found)
          if (onPrimary !== undefined || ddl !== undefined) await sides.postgres.query(ddl ?? 'SELECT 1/0');
        const left = await blocking();
        expect(left.filter(({ onPrimary, ddl }) => onPrimary !== undefined || ddl !== undefined)).toEqual([]);
      } finally {
        Object.assign(sides.postgresSide, { reader: asked });
        await sides.postgres.query('ROLLBACK');
      }
    },
  );
});
