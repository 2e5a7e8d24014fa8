import type { World } from '../../../../runbooks/ports/world';
import { keysGate } from '../../../../runbooks/procedure/gates/readiness-gates';

const tables = ['public.log', 'public.log_2026', 'public.orders'];

/** The part of the world that the gate asks. */
const worldWith = (waivers: { table: string; check: string }[]) =>
  ({
    manifest: { tables: { waivers } },
    sides: { source: { fitness: { tablesWithoutKey: async () => tables } } },
  }) as unknown as World;

const answer = (waivers: { table: string; check: string }[]) =>
  keysGate(worldWith(waivers)).ask(AbortSignal.timeout(1000));

describe('tables without a key', () => {
  it('forbid a switch, except those that the definition waives by name or pattern', async () => {
    expect(await answer([])).toMatchObject({ reason: { code: 'table-without-key', value: 3, setting: 'waivers' } });
    const log = { table: 'public.log%', check: 'table-without-key' };
    expect(await answer([log])).toMatchObject({
      reason: { text: expect.stringMatching(/key: public\.orders;/) as string },
    });
    const rest = { table: 'public.orders', check: 'table-without-key' };
    expect(await answer([log, rest])).not.toHaveProperty('reason');
  });

  it('are not let through by a waiver of another finding', async () => {
    expect(await answer([{ table: 'public.%', check: 'unverified' }])).toMatchObject({ reason: { value: 3 } });
  });
});
