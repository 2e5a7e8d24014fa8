import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithMysql } from '../../mysql-server';
import { startTwoSides, type TwoSides } from './two-sides';

const orders = (file: string) => readFileSync(join(__dirname, '../../../rehearsal/scenarios/orders', file), 'utf8');

describeWithMysql('the tables of two engines', (server) => {
  let sides: TwoSides;
  beforeAll(async () => {
    sides = await startTwoSides(server(), {
      ...{ database: 'orders', source: orders('source-schema.sql'), target: orders('target-schema.sql') },
    });
  });
  afterAll(() => sides?.close());

  const column = (table: string, name: string) =>
    sides.model.find(({ id }) => id === table)?.columns.find((each) => each.name === name);

  test('look', () => {
    for (const t of sides.model) {
      console.log(t.id, t.key, JSON.stringify(t.uniques), JSON.stringify(t.foreignKeys), t.hasAfterTriggers);
      console.log(t.columns.map((c) => JSON.stringify({ ...c, on: [c.on.source.type, c.on.target.type] })).join('\n'));
    }
    expect(column('orders.customer', 'id')).toBeDefined();
  });
});
