import type { Database } from '../../../../runbooks/ports/database';
import type { Grant } from '../../../../runbooks/ports/fitness';
import type { World } from '../../../../runbooks/ports/world';
import { grantsGate } from '../../../../runbooks/procedure/gates/grants-gate';

const signal = new AbortController().signal;

describe('the gate of grants', () => {
  it('asks the other side by its own names, leaves out what is waived, and prints every GRANT', async () => {
    const tables = {
      transformations: [
        { kind: 'rename-table', table: 'shop.orders', to: 'purchases' },
        { kind: 'rename-column', table: 'shop.orders', column: 'price', to: 'amount' },
        { kind: 'drop-column', table: 'shop.orders', column: 'gone' },
      ],
      waivers: [{ table: 'shop.old', check: 'schema', reason: 'narrower on purpose' }],
    };
    const privileges = ['SELECT', 'INSERT'] as const;
    const grants: Grant[] = ['shop.orders', 'shop.old'].map((object) => ({
      ...({ account: 'app', kind: 'table', object, privileges } as const),
      columns: [{ privilege: 'UPDATE', names: ['note', 'price', 'gone'] }],
    }));
    const asked: (readonly Grant[])[] = [];
    const from = { side: 'source', fitness: { tableGrants: async () => grants } } as unknown as Database;
    let missing = [{ privilege: 'app: INSERT on shop.purchases', grant: 'GRANT INSERT ON shop.purchases TO app' }];
    const missingGrants = async (wanted: readonly Grant[]) => (asked.push(wanted), missing);
    const to = { side: 'target', fitness: { missingGrants } } as unknown as Database;
    const gate = grantsGate({ manifest: { tables } } as unknown as World, from, to);
    expect(await gate.ask(signal)).toMatchObject({
      answer: 'no',
      reason: { code: 'missing-grant', value: 1, next: 'GRANT INSERT ON shop.purchases TO app;' },
    });
    const columns = [{ privilege: 'UPDATE', names: ['note', 'amount'] }];
    expect(asked).toEqual([[{ account: 'app', kind: 'table', object: 'shop.purchases', privileges, columns }]]);
    missing = [];
    expect(await gate.ask(signal)).toEqual({
      answer: 'yes',
      detail: 'compared: 2 on tables, 0 on views, 2 on single columns, 0 on routines',
    });
  });
});
