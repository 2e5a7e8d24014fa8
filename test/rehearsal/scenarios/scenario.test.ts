import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withOwnFiles } from '../../../rehearsal/scenarios/own-files';
import { changesEngine, loadScenario, scenarioNames, stays } from '../../../rehearsal/scenarios/scenario';

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
  [
    'a folder with the schema of one side alone',
    () => {
      writeFileSync(join(folder, 'source-schema.sql'), '');
      return folder;
    },
    /has source-schema\.sql without the other side/,
  ],
  [
    'a scenario that extends what is none',
    () => {
      writeFileSync(join(folder, 'scenario.json'), '{ "extends": "nothing" }');
      return folder;
    },
    /extends "nothing", which is none of billing, orders/,
  ],
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

test('a change of the engine has a schema for each side', () => {
  const orders = loadScenario('orders');
  expect(changesEngine(orders)).toBe(true);
  expect(changesEngine(loadScenario('billing'))).toBe(false);
  expect([orders.schemaFile, orders.targetSchemaFile]).toEqual([
    expect.stringMatching(/orders\/source-schema\.sql$/),
    expect.stringMatching(/orders\/target-schema\.sql$/),
  ]);
});

test('a scenario that extends another takes its files and settings, and says the rest itself', () => {
  const orders = loadScenario('orders');
  const extended = loadScenario('orders-zero-date');
  expect(extended).toMatchObject({ name: 'orders', workload: orders.workload, schemaFile: orders.schemaFile });
  expect(extended.expected.outcome).toBe('refused');
  expect(extended.faults).toEqual([expect.objectContaining({ side: 'source', when: 'begin' })]);
});

describe('files of one’s own', () => {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('take the place of those of a change of the engine, with its load and without its queue', () => {
    const sourceSchema = write('dump.sql', '-- MySQL dump\nCREATE DATABASE `world`;\nUSE `world`;\n');
    const targetSchema = write('target.sql', 'CREATE SCHEMA world;');
    const workload = write('load.json', '{ "workload": { "clients": 9 } }');
    const own = withOwnFiles(loadScenario('orders'), { sourceSchema, targetSchema, workload });
    expect(own).toMatchObject({
      name: 'orders',
      database: 'world',
      schemaFile: sourceSchema,
      targetSchemaFile: targetSchema,
      seedFile: undefined,
      consumer: { account: 'orders_worker' },
      workload: { clients: 9 },
      faults: [],
    });
    expect(own.consumer.queue).toBeUndefined();
  });

  test.each([
    ['USE', 'CREATE DATABASE other;\nUSE `shop`;'],
    [
      'CREATE DATABASE alone',
      'CREATE DATABASE /*!32312 IF NOT EXISTS*/ `shop` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;',
    ],
    ['CREATE SCHEMA alone', 'create schema if not exists shop ;'],
    ['the header of mysqldump', '-- Host: localhost    Database: shop\n-- ---'],
  ])('are of the database that is named by %s', (_what, text) => {
    const sourceSchema = write('a.sql', `SET x = 1;\n${text}`);
    expect(withOwnFiles(loadScenario('orders'), { sourceSchema, targetSchema: sourceSchema }).database).toBe('shop');
  });

  test.each([
    [
      'one schema',
      'orders',
      () => ({ sourceSchema: write('a.sql', '') }),
      /wants both --source-schema and --target-schema/,
    ],
    [
      'a missing file',
      'orders',
      () => ({ sourceSchema: '/no/such.sql', targetSchema: '/no/such.sql' }),
      /no file \/no\/such/,
    ],
    ['a move within one engine', 'billing', () => ({ sourceSchema: write('a.sql', '') }), /moves within one engine/],
    [
      'a wrong setting',
      'orders',
      () => ({
        ...{ sourceSchema: write('a.sql', ''), targetSchema: write('b.sql', '') },
        workload: write('load.json', '{ "workload": { "clients": 2 } }'),
      }),
      /load\.json is not a scenario:[^]*workload\.clients/,
    ],
  ])('are refused with %s', (_what, name, files, reason) => {
    expect(() => withOwnFiles(loadScenario(name), files())).toThrow(reason);
  });
});

test('tables that stay, transformations and waivers are said as in a definition', () => {
  schema();
  const said = (settings: object) => writeFileSync(join(folder, 'scenario.json'), JSON.stringify(settings));
  said({
    tables: { exclude: ['shop.tmp_%'] },
    transformations: [{ kind: 'rename-column', table: 'shop.Album', column: 'AlbumId', to: 'album_id' }],
    waivers: [{ table: 'shop.audit', check: 'schema', reason: 'the target indexes it otherwise' }],
  });
  const scenario = loadScenario(folder);
  expect(scenario).toMatchObject({ transformations: [{ to: 'album_id' }], waivers: [{ check: 'schema' }] });
  expect(stays(scenario, 'shop.tmp_import')).toBe(true);
  expect(stays(scenario, 'shop.album')).toBe(false);

  said({ waivers: [{ table: 'shop.audit', check: 'everything', reason: 'in a hurry' }] });
  expect(() => loadScenario(folder)).toThrow(/waivers\[0\]\.check/);
});
