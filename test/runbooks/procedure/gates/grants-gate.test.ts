import type { Database } from '../../../../runbooks/ports/database';
import type { TableGrant } from '../../../../runbooks/ports/fitness';
import type { World } from '../../../../runbooks/ports/world';
import { grantsGate } from '../../../../runbooks/procedure/gates/grants-gate';

const signal = new AbortController().signal;

describe('the gate of grants', () => {
  it('asks the other side by its own names, leaves out what is waived, and prints every GRANT', async () => {
    const tables = {
      transformations: [{ kind: 'rename-table', table: 'shop.orders', to: 'purchases' }],
      waivers: [{ table: 'shop.old', check: 'schema', reason: 'narrower on purpose' }],
    };
    const privileges = ['SELECT', 'INSERT'] as const;
    const grants: TableGrant[] = ['shop.orders', 'shop.old'].map((table) => ({ account: 'app', table, privileges }));
    const asked: (readonly TableGrant[])[] = [];
    const from = { side: 'source', fitness: { tableGrants: async () => grants } } as unknown as Database;
    let missing = [{ privilege: 'app: INSERT on shop.purchases', grant: 'GRANT INSERT ON shop.purchases TO app' }];
    const missingGrants = async (wanted: readonly TableGrant[]) => (asked.push(wanted), missing);
    const to = { side: 'target', fitness: { missingGrants } } as unknown as Database;
    const gate = grantsGate({ manifest: { tables } } as unknown as World, from, to);
    expect(await gate.ask(signal)).toMatchObject({
      answer: 'no',
      reason: { code: 'missing-grant', value: 1, next: 'GRANT INSERT ON shop.purchases TO app;' },
    });
    expect(asked).toEqual([[{ account: 'app', table: 'shop.purchases', privileges }]]);
    missing = [];
    expect(await gate.ask(signal)).toMatchObject({ answer: 'yes' });
  });
});
