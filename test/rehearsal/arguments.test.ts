import { readArguments, UsageError } from '../../rehearsal/arguments';

test('what is typed is understood', () => {
  expect(readArguments([])).toMatchObject({ scenario: { name: 'billing' }, json: false, practises: false });
  const given = readArguments(['orders', '--json', '--mysql', '/opt/mysql/bin/mysqld']);
  expect(given).toMatchObject({ scenario: { name: 'orders' }, json: true, mysqlServer: '/opt/mysql/bin/mysqld' });
});

test.each([[['orders', 'billing']], [['--fast']], [['orders', '--mysql']]])('%j is refused', (args) => {
  expect(() => readArguments(args)).toThrow(UsageError);
});

test('a migration that is none is refused', () => {
  expect(() => readArguments(['no-such'])).toThrow('No scenario');
});

const source = 'mysql://admin@db.example.com/shop';
const target = 'postgresql://admin@db.example.com/shop_new';
const passwords = { CUTOVER_SOURCE_PASSWORD: 'one', CUTOVER_TARGET_PASSWORD: 'two' };

test('running databases are named by their URLs, and the migration is orders', () => {
  const given = readArguments(['--source', source, '--target', target, '--confirm=shop', '--confirm=new'], passwords);
  expect(given).toMatchObject({
    scenario: {
      name: 'orders',
      database: 'shop',
      accounts: { write: ['rehearsal_app', 'rehearsal_worker'] },
      faults: [],
    },
    running: { source: { database: 'shop' }, target: { database: 'shop_new' }, confirmed: ['shop', 'new'] },
  });
  expect(given.scenario.seedFile).toBeUndefined();
});

test.each([
  [['--source', source], '--target is missing'],
  [['--target', target], '--source is missing'],
  [['--empty-target'], '--empty-target wants both'],
  [['--confirm', 'shop'], '--confirm wants both'],
  [['--source', source, '--target', target, '--mysql', '/opt/mysqld'], '--mysql is for engines that'],
  [['--source', source, '--target', target, '--source-schema', 'shop.sql'], '--source-schema is for engines that'],
  [['billing', '--source', source, '--target', target], 'billing moves within one engine'],
  [['--source', 'mysql://admin@h/Shop-1', '--target', target], 'the database Shop-1 cannot be rehearsed with'],
  [['--source', source, '--target', target, '--workload', '/no/such.json'], 'there is no file /no/such.json'],
])('%j is refused', (args, reason) => {
  expect(() => readArguments(args, passwords)).toThrow(reason);
});
