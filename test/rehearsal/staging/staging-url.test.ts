import { readStagingUrl, withoutPasswords } from '../../../rehearsal/staging/staging-url';

const none = {};

test('a URL says everything, with what is special in it written as in URLs', () => {
  expect(readStagingUrl('source', 'mariadb://ad%40min:p%2Fw%3A%23@db.example.com/shop', none)).toEqual({
    ...{ family: 'mysql', host: 'db.example.com', port: 3306, database: 'shop' },
    administrator: { username: 'ad@min', password: 'p/w:#' },
  });
  expect(readStagingUrl('target', 'postgres://a:b@[::1]:6543/new', none)).toMatchObject({ host: '::1', port: 6543 });
});

test('the password may stand in the environment, each side in a variable of its own', () => {
  const environment = { CUTOVER_SOURCE_PASSWORD: 'one', CUTOVER_TARGET_PASSWORD: 'two' };
  expect(readStagingUrl('source', 'mysql://a@h/d', environment).administrator.password).toBe('one');
  expect(readStagingUrl('target', 'postgresql://a@h/d', environment).administrator.password).toBe('two');
});

test.each([
  ['source', 'postgresql://a:SECRET@h/d', 'has the scheme postgresql'],
  ['target', 'mysql://a:SECRET@h/d', 'has the scheme mysql'],
  ['source', 'oracle://a:SECRET@h/d', 'has the scheme oracle'],
  ['source', 'mysql://a:SEC/RET@h/d', 'is no URL'],
  ['source', 'mysql://a:12/SECRET@h/d', 'is no URL'],
  ['source', 'a:SECRET@h/d', 'wanted is mysql://'],
  ['source', 'SECRET', 'is no URL'],
  ['source', 'mysql://a:SEC%RET@h/d', 'is no URL'],
  ['source', 'mysql://:SECRET@h/d', 'names no account'],
  ['source', 'mysql://a:SECRET@h', 'names no database'],
  ['source', 'mysql://a:SECRET@h/d/e', 'more than one database: d/e'],
  ['source', 'mysql://a:SECRET@h:3306x/d', 'is no URL'],
  ['target', 'postgresql://a:SECRET@h/d?sslmode=disable', 'has parameters (?sslmode=disable)'],
  ['target', 'postgresql://a@h/d', 'no CUTOVER_TARGET_PASSWORD'],
] as const)('--%s %s is refused without its password', (side, text, reason) => {
  let message = '';
  try {
    readStagingUrl(side, text, none);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain(reason);
  expect(message).not.toMatch(/SECRET|SEC\/RET|SEC%RET/);
});

test('a text that somebody mistyped is repeated without the passwords in it', () => {
  expect(withoutPasswords('No scenario "mysql://root:s3cr@t@h:1/d"')).toBe('No scenario "mysql://root:…@h:1/d"');
  expect(withoutPasswords('mysql://root@h:1/d, and postgresql://h/d')).toBe('mysql://root@h:1/d, and postgresql://h/d');
});
