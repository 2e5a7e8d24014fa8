import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadScenario, scenarioNames } from '../../../rehearsal/scenarios/scenario';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'scenario-')), 'My Shop 2');
  mkdirSync(folder);
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const schema = () => copyFileSync(join(__dirname, 'tiny/schema.sql'), join(folder, 'schema.sql'));

test('scenarios that ship are found by themselves', () => {
  expect(scenarioNames()).toContain('billing');
  const billing = loadScenario('billing');
  expect(billing).toMatchObject({ name: 'billing', database: 'billing', faults: [], expected: { outcome: 'passed' } });
  expect(billing.seedFile).toMatch(/seed\.sql$/);
  expect(billing.workload.clients).toBeGreaterThanOrEqual(8);
});

test('a folder of one’s own needs only a schema; names come from the folder', () => {
  schema();
  expect(loadScenario(folder)).toMatchObject({
    name: 'my-shop-2',
    database: 'my_shop_2',
    accounts: { write: ['my_shop_2_app', 'my_shop_2_worker'], read: ['my_shop_2_report'] },
    consumer: { account: 'my_shop_2_worker' },
    workload: { clients: 16, writesPerSecond: 400 },
    seedFile: undefined,
  });
});

test('data.sql is taken as the seed, and given settings stand over defaults', () => {
  schema();
  writeFileSync(join(folder, 'data.sql'), 'SELECT 1');
  writeFileSync(
    join(folder, 'scenario.json'),
    JSON.stringify({ name: 'shop', workload: { clients: 9, mix: { delete: 0 } } }),
  );
  const scenario = loadScenario(folder);
  expect(scenario.seedFile).toBe(join(folder, 'data.sql'));
  expect(scenario).toMatchObject({
    database: 'shop',
    workload: { clients: 9, writesPerSecond: 400, mix: { delete: 0, insert: 50 } },
  });
});

test.each([
  ['a name that is neither a scenario nor a folder', () => 'no-such', /billing/],
  ['a folder without schema.sql', () => folder, /has no schema\.sql/],
])('%s is refused with what to do', (_, given, reason) => {
  expect(() => loadScenario(given())).toThrow(reason);
});

test('a wrong value is refused with its path', () => {
  schema();
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify({ workload: { clients: 3 }, colour: 'red' }));
  expect(() => loadScenario(folder)).toThrow(/colour[^]*workload\.clients/);
  writeFileSync(join(folder, 'scenario.json'), '{');
  expect(() => loadScenario(folder)).toThrow(/is not JSON/);
});
