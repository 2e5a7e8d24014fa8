import { soon, perform, startTwoSides, failureOf, type TwoSides } from './two-sides';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides();
});
afterAll(() => sides.close());

describe.each(['source', 'target'] as const)('on the %s', (name) => {
  test('a fence locks, ends, proves; open takes back exactly that', async () => {
    const side = sides[name];
    const database = await side.started();
    const app = await side.session('billing_app');
    const report = await side.session('billing_report');
    expect((await database.gate.read(soon())).unlockedAccounts).toEqual(['billing_app', 'billing_worker']);
    expect(await perform(database.gate.fence())).toBe('applied');
    expect(await perform(database.gate.endSessions())).toBe('applied');
    expect(await database.gate.whyNotFenced(AbortSignal.timeout(5000))).toBeUndefined();
    expect(await database.gate.read(soon())).toEqual({
      unlockedAccounts: [],
      fencedAccounts: ['billing_app', 'billing_worker'],
      missingAccounts: [],
    });
    await failureOf(app.query('SELECT 1'));
    await report.query('SELECT 1');
    expect(await perform(database.gate.fence())).toBe('already');
    await perform(database.gate.rehearseFence());
    await failureOf(perform(database.gate.proveWrite(side.engine)));
    expect(await perform(database.gate.open())).toBe('applied');
    await perform(database.gate.proveWrite(side.engine));
    expect((await database.gate.read(soon())).fencedAccounts).toEqual([]);
    await report.end();
    await database.close();
  });
});
