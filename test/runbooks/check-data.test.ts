import { checkData } from '../../runbooks/check-data';
import type { DataFinding } from '../../runbooks/inspection/fitness-mysql/data-finding';
import type { World } from '../../runbooks/ports/world';
import { Recorder } from './procedure/fakes';

const mockSeen = { tables: [] as string[], unread: [] as string[], found: [] as DataFinding[] };
jest.mock('../../runbooks/inspection/fitness-mysql/inspect-mysql-data', () => ({
  inspectMysqlData: async (on: { onUnread(table: string): void; onProgress(of: object): void }) => {
    for (const table of mockSeen.tables) on.onProgress({ table, rows: 5 });
    for (const table of mockSeen.unread) on.onUnread(table);
    return mockSeen.found;
  },
}));

async function checked() {
  const fitness = { settingFaults: async () => [], tablesWithoutKey: async () => [] };
  const side = (name: string) => ({ side: name, fitness, reader: {} });
  const world = {
    manifest: {
      databases: { source: { engine: 'mysql' }, target: { engine: 'postgres' } },
      tables: { waivers: [{ table: 'shop.stays', check: 'data', reason: 'not moved yet' }] },
    },
    sides: { source: side('source'), target: side('target') },
  } as unknown as World;
  const reporter = new Recorder();
  const signal = new AbortController().signal;
  const reasons = await checkData(world, { reporter, throttlePercent: 50, onProgress: () => undefined, signal });
  return { reasons, events: reporter.events };
}

describe('check-data', () => {
  it('does not take for clean what it has not read', async () => {
    Object.assign(mockSeen, { tables: ['shop.orders'], unread: ['shop.late', 'shop.stays'], found: [] });
    const { reasons, events } = await checked();
    expect(reasons).toMatchObject([
      { code: 'data-not-looked-at', value: 1, text: expect.stringContaining('shop.late') as string },
    ]);
    expect(events).toContainEqual(expect.objectContaining({ text: '5 rows in 1 tables looked at' }));
    Object.assign(mockSeen, { tables: [], unread: [] });
    expect((await checked()).reasons).toMatchObject([{ code: 'data-not-looked-at', value: 0 }]);
  });

  it('stops for findings, and only warns of notes and of what is waived', async () => {
    const finding = { column: 'day', rows: 2, keys: ['1', '7'], text: 'zero dates', remedy: 'replace them' };
    const found = [
      { ...finding, object: 'shop.orders' },
      { ...finding, object: 'shop.stays' },
      { ...finding, object: 'shop.orders', column: 'code', isNote: true },
    ];
    Object.assign(mockSeen, { tables: ['shop.orders'], unread: [], found });
    const { reasons, events } = await checked();
    expect(reasons).toMatchObject([{ data: { table: 'shop.orders', column: 'day', rows: 2, keys: ['1', '7'] } }]);
    expect(events.filter((event) => event.type === 'message')).toMatchObject([
      { level: 'warning', text: expect.stringMatching(/^waived: shop\.stays\.day/) as string },
      { level: 'warning', text: expect.stringMatching(/^shop\.orders\.code/) as string },
    ]);
  });
});
