import { wayBackGates } from '../../runbooks/engine-change-gates';
import type { World } from '../../runbooks/ports/world';

const signal = new AbortController().signal;
const world = (engine: string, firing: string[]) =>
  ({
    manifest: { databases: { source: { engine }, target: { engine: 'postgres' } } },
    sides: { source: { side: 'source', fitness: { firingTriggers: async () => firing } } },
  }) as unknown as World;

test('triggers of a MySQL source are asked for their guard before anything is loaded, and each is named', async () => {
  const [gate, ...more] = wayBackGates(world('mariadb', ['shop.one on item', 'shop.two on item']));
  expect(more).toEqual([]);
  expect(await gate?.ask(signal)).toMatchObject({
    answer: 'no',
    reason: {
      code: 'firing-trigger',
      next: expect.stringMatching(
        /one on item begin with IF @cutover_replication[^\n]*\n.*two on item begin/,
      ) as string,
    },
  });
  expect(await wayBackGates(world('mysql', []))[0]?.ask(signal)).toMatchObject({ answer: 'yes' });
});

test('triggers of a PostgreSQL source are left to the switch', () => {
  expect(wayBackGates(world('postgres', ['one']))).toEqual([]);
});
