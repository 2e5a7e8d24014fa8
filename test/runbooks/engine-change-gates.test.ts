import { mysqlSourceGates } from '../../runbooks/engine-change-gates';
import type { World } from '../../runbooks/ports/world';

const signal = new AbortController().signal;
const world = (engine: string, firing: string[], plain: Record<string, string>[] = []) =>
  ({
    manifest: {
      databases: { source: { engine }, target: { engine: 'postgres' } },
      tables: { include: ['shop.%'], exclude: ['shop.log'], waivers: [] },
    },
    sides: {
      source: { side: 'source', reader: { query: async () => plain }, fitness: { firingTriggers: async () => firing } },
    },
  }) as unknown as World;

test('triggers of a MySQL source are asked for their guard before anything is loaded, and each is named', async () => {
  const [, gate] = mysqlSourceGates(world('mariadb', ['shop.one on item', 'shop.two on item']));
  expect(await gate?.ask(signal)).toMatchObject({
    answer: 'no',
    reason: {
      code: 'firing-trigger',
      next: expect.stringMatching(
        /one on item begin with IF @cutover_replication[^\n]*\n.*two on item begin/,
      ) as string,
    },
  });
  expect(await mysqlSourceGates(world('mysql', []))[1]?.ask(signal)).toMatchObject({ answer: 'yes' });
});

test('triggers of a PostgreSQL source are left to the switch', () => {
  expect(mysqlSourceGates(world('postgres', ['one']))).toEqual([]);
});

test('tables without transactions are refused with the statements that give them some, unless they stay', async () => {
  const plain = ['shop.item', 'shop.log', 'other.thing'].map((name) => ({ name, storage: 'MyISAM' }));
  expect(await mysqlSourceGates(world('mysql', [], plain))[0]?.ask(signal)).toMatchObject({
    answer: 'no',
    reason: {
      code: 'table-without-transactions',
      text: expect.stringContaining('shop.item (MyISAM);') as string,
      next: 'ALTER TABLE `shop`.`item` ENGINE = InnoDB;',
    },
  });
  expect(await mysqlSourceGates(world('mysql', [], plain.slice(1)))[0]?.ask(signal)).toMatchObject({ answer: 'yes' });
});
