import { checkData } from '../../runbooks/check-data';
import type { DataFinding } from '../../runbooks/inspection/fitness-mysql/data-finding';
import type { World } from '../../runbooks/ports/world';
import { Recorder } from './procedure/fakes';

const mockSeen = {
  tables: [] as string[],
  unread: [] as string[],
  found: [] as DataFinding[],
  cut: undefined as { partly?: string; notLookedAt?: string[] } | undefined,
};
jest.mock('../../runbooks/inspection/fitness-mysql/inspect-mysql-data', () => ({
  inspectMysqlData: async (on: {
    onUnread(table: string): void;
    onProgress(of: object): void;
    onCutShort(known: object): void;
  }) => {
    for (const table of mockSeen.tables) on.onProgress({ table, rows: 5 });
    for (const table of mockSeen.unread) on.onUnread(table);
    if (!mockSeen.cut) return mockSeen.found;
    on.onCutShort({ found: mockSeen.found, ...mockSeen.cut });
    throw new Error('ended');
  },
}));

const finding = { column: 'day', rows: 2, keys: ['1', '7'], text: 'zero dates', remedy: 'replace them' };

async function checked(interrupted = false) {
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
  const stop = new AbortController();
  const options = { reporter, throttlePercent: 50, signal: stop.signal };
  const onProgress = () => (interrupted ? stop.abort() : undefined);
  const reasons = await checkData(world, { ...options, onProgress }).catch((error: Error) => error.message);
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

  it.each([
    [true, 'interrupted'],
    [false, 'ended by an error'],
  ])('tells what it has found, and what it has not looked at, when it ends in the middle (%s)', async (is, how) => {
    const found = [
      { ...finding, object: 'shop.orders' },
      { ...finding, object: 'shop.stays' },
    ];
    const rest = Array.from({ length: 25 }, (_, at) => `shop.t${at}`);
    const cut = { partly: 'shop.items', notLookedAt: rest };
    Object.assign(mockSeen, { tables: ['shop.orders', 'shop.items'], unread: ['shop.late'], found, cut });
    const { reasons, events } = await checked(is);
    expect(reasons).toBe('ended');
    expect(events.filter((event) => event.type === 'message')).toMatchObject([
      { level: 'warning', text: expect.stringMatching(/^waived: shop\.stays\.day/) as string },
      {
        ...{ level: 'error', code: 'data-not-looked-at', reason: { data: cut, value: 26 } },
        text: `${how} while shop.items was read, so that it was looked at in part; not looked at: ${rest.slice(0, 20).join(', ')} and 5 more`,
      },
      { level: 'error', code: 'data-not-looked-at', text: expect.stringContaining('shop.late') as string },
      { level: 'error', code: 'data-does-not-fit', reason: { data: { table: 'shop.orders', keys: ['1', '7'] } } },
    ]);
    Object.assign(mockSeen, { tables: ['none'], unread: [], found: [], cut: {} });
    expect((await checked(is)).events.filter((event) => event.type === 'message')).toMatchObject([
      { code: 'data-not-looked-at', text: `${how} before the first table was read: nothing was looked at` },
    ]);
    mockSeen.cut = undefined;
  });
});
