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
