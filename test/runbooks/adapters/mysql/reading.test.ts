import { withGrants } from '../../../../cli/denial';
import type { UsageError } from '../../../../runbooks/ports/failures';
import type { World } from '../../../../runbooks/ports/world';
import { describeWithMysql } from '../../../mysql-server';
import { failureOf, MysqlTestSide, soon } from './mysql-test-side';

describeWithMysql('reading a MySQL side', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
  });

  test('a reader writes nothing, however it is asked', async () => {
    const database = await side.started(2);
    const refused = async (sql: string) => (await failureOf(database.reader.query(sql, [], soon()))).message;
    expect(await refused(`INSERT INTO orders.customers (name) VALUES ('x')`)).toContain('is not asked');
    expect(await refused(`SET SESSION TRANSACTION READ WRITE`)).toContain('is not asked');
    expect(await refused(`SELECT 1; DROP TABLE orders.customers`)).toContain('syntax');
    await side.ask(`GRANT INSERT, DELETE ON orders.customers TO 'cutover_runbook'@'%'`);
    expect(await refused(`WITH x AS (SELECT 1) DELETE FROM orders.customers`)).toMatch(/READ ONLY|read only|syntax/i);
    // What a statement does behind a SELECT meets the transaction.
    await side.ask(`CREATE FUNCTION orders.writes() RETURNS int DETERMINISTIC MODIFIES SQL DATA
      BEGIN INSERT INTO orders.customers (name) VALUES ('by function'); RETURN 1; END`);
    await side.ask(`GRANT EXECUTE ON orders.* TO 'cutover_runbook'@'%'`);
    for (let turn = 0; turn < 4; turn += 1)
      expect(await refused('SELECT orders.writes()')).toMatch(/READ ONLY transaction/i);
    expect(await side.ask('SELECT COUNT(*) FROM orders.customers')).toEqual(['0']);
    await side.ask('DROP FUNCTION orders.writes');
    await database.close();
  });

  test('values come back as the engine’s text', async () => {
    await side.ask(`CREATE TABLE orders.held (id int PRIMARY KEY, big bigint unsigned, exact decimal(38,10), ratio double,
      few float, at datetime(6), moment timestamp(6) NULL, day date, span time(3), bits bit(12), raw varbinary(20), blobs blob, doc json,
      words text, label enum('a','b'), labels set('x','y'), y year, nothing int, flag tinyint(1))`);
    await side.ask(`INSERT INTO orders.held VALUES (1, 18446744073709551615, 1234567890123456789012345678.0000000010, 90.28571428571429,
      1.5, '2026-01-02 03:04:05.678901', '2026-01-02 03:04:05.000001', '2026-01-02', '-838:59:58.999', b'100000000001', x'00ff', x'80ff', '{"a": 1.50}',
      'grüße 🎈 it''s', 'b', 'x,y', 2026, NULL, 1)`);
    const database = await side.connect({ mode: 'plan' });
    const [row] = await database.reader.query(
      'SELECT h.*, ? AS given FROM orders.held h',
      [`it's "hostile" \\; --`],
      soon(),
    );
    expect(row).toMatchObject({
      big: '18446744073709551615',
      exact: '1234567890123456789012345678.0000000010',
      ratio: '90.28571428571429',
      few: '1.5',
      at: '2026-01-02 03:04:05.678901',
      moment: '2026-01-02 03:04:05.000001',
      day: '2026-01-02',
      span: '-838:59:58.999',
      bits: '0801',
      raw: '00ff',
      blobs: '80ff',
      doc: expect.stringMatching(/^\{"a": 1\.50?\}$/) as string,
      words: 'grüße 🎈 it’s'.replace('’', `'`),
      label: 'b',
      labels: 'x,y',
      y: '2026',
      nothing: null,
      flag: '1',
      given: `it's "hostile" \\; --`,
    });
    const doubles = [
      '4.9e-324',
      '1.7976931348623157e308',
      '0.1',
      '123456789.12345679',
      '5e-324',
      '-2.2250738585072014e-308',
    ];
    for (const double of doubles) {
      const [answer] = await database.reader.query(
        `SELECT ${double}e0 + 0 AS d`.replace(/e(-?\d+)e0/, 'e$1'),
        [],
        soon(),
      );
      expect(Number(answer?.['d'])).toBe(Number(double));
    }
    const [zero] = await database.reader.query(
      `SELECT CAST('0000-00-00' AS date) AS d, CAST('0000-00-00 00:00:00' AS datetime(6)) AS t`,
      [],
      soon(),
    );
    expect(zero).toEqual({ d: '0000-00-00', t: '0000-00-00 00:00:00.000000' });
    const listed = await database.reader.query(`SELECT 1 AS one FROM DUAL WHERE 'b' IN (?)`, [['a', 'b']], soon());
    expect(listed).toHaveLength(1);
    await database.close();
  });

  test('a read that is aborted ends at once, in the server too, and others go on', async () => {
    const database = await side.connect({ mode: 'plan' });
    const sleeping = () =>
      side.ask(
        `SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT SLEEP(600)%' AND COMMAND = 'Query'`,
      );
    const stop = new AbortController();
    const reads = Array.from({ length: 5 }, () =>
      failureOf(database.reader.query('SELECT SLEEP(600) AS slept', [], stop.signal)),
    );
    while ((await sleeping()).length < 3);
    stop.abort(new Error('stopped'));
    expect((await Promise.all(reads)).map((failure) => failure.message)).toEqual(Array(5).fill('stopped'));
    while ((await sleeping()).length > 0);
    const many = Array.from({ length: 20 }, () => database.reader.query('SELECT 1 AS one', [], soon()));
    expect((await Promise.all(many)).flat()).toHaveLength(20);
    const [{ n } = {}] = await database.reader.query(
      `SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'cutover_runbook'`,
      [],
      soon(),
    );
    expect(Number(n)).toBeLessThanOrEqual(3);
    await database.close();
  });

  test('reading connections come back after the server ended them; connecting can be aborted', async () => {
    const database = await side.connect({ mode: 'plan' });
    await side.ask('KILL USER cutover_runbook').catch(async () => {
      for (const id of await side.ask(`SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'cutover_runbook'`))
        await side.ask(`KILL ${id}`);
    });
    const again = async () => (await database.reader.query('SELECT 1 AS one', [], soon()))[0];
    // The first may still meet the connection that is just ending.
    expect(await again().catch(again)).toEqual({ one: '1' });
    await database.close();
    await expect(database.reader.query('SELECT 1', [], soon())).rejects.toThrow('closed');
    await expect(side.connect({ signal: AbortSignal.abort(new Error('not now')) })).rejects.toThrow('not now');
  });

  test('an account that may not even see who could log in is told every GRANT that it lacks, and these are enough', async () => {
    await side.ask(`REVOKE SELECT ON *.* FROM 'cutover_runbook'@'%'`);
    const database = await side.connect({ mode: 'plan' });
    const world = { sides: { source: database } } as unknown as World;
    const told = (await withGrants(world, await failureOf(database.gate.read(soon())), soon())) as UsageError;
    expect(told).toMatchObject({ code: 'missing-privilege', message: expect.stringContaining('denied') as string });
    expect(told.next).toContain(`GRANT SELECT ON \`orders\`.* TO 'cutover_runbook'@'%'`);
    await database.close();
    for (const grant of told.next?.split('; ') ?? []) await side.ask(grant);
    const again = await side.connect({ mode: 'plan' });
    await again.gate.read(soon());
    await again.reader.query('SELECT * FROM orders.customers', [], soon());
    await again.close();
    // What was refused for another reason is passed on as it is.
    const other = new Error('other');
    expect(await withGrants(world, other, soon())).toBe(other);
  });

  test('who may not see prepared transactions is told the GRANT, not what MySQL says', async () => {
    if (server().engine.product === 'mariadb') return;
    await side.ask(`REVOKE XA_RECOVER_ADMIN ON *.* FROM 'cutover_runbook'@'%'`);
    const database = await side.connect({ mode: 'plan' });
    const refusal = await failureOf(database.sessions.preparedTransactions(soon()));
    const world = { sides: { source: database } } as unknown as World;
    expect(await withGrants(world, refusal, soon())).toMatchObject({
      code: 'missing-privilege',
      next: expect.stringContaining(`GRANT XA_RECOVER_ADMIN ON *.* TO 'cutover_runbook'@'%'`) as string,
    });
    await side.ask(`GRANT XA_RECOVER_ADMIN ON *.* TO 'cutover_runbook'@'%'`);
    expect(await database.sessions.preparedTransactions(soon())).toEqual([]);
    await database.close();
  });

  test('what an account may do by a role counts where the role is active from the login on, and else not', async () => {
    const lacks = async (): Promise<boolean> => {
      const database = await side.connect({ mode: 'plan' });
      const missing = await database.fitness.missingPrivileges(soon());
      await database.close();
      return missing.some(({ privilege }) => privilege.startsWith('PROCESS'));
    };
    await side.ask(`REVOKE PROCESS ON *.* FROM 'cutover_runbook'@'%'; CREATE ROLE seers; CREATE ROLE \`all of them\`;
      GRANT PROCESS ON *.* TO seers; GRANT seers TO \`all of them\`; GRANT \`all of them\` TO 'cutover_runbook'@'%'`);
    expect(await lacks()).toBe(true);
    const forOrTo = server().engine.product === 'mariadb' ? 'FOR' : 'TO';
    await side.ask(`SET DEFAULT ROLE \`all of them\` ${forOrTo} 'cutover_runbook'@'%'`);
    expect(await lacks()).toBe(false);
    await side.ask(`SET DEFAULT ROLE NONE ${forOrTo} 'cutover_runbook'@'%'; DROP ROLE \`all of them\``);
    if (server().engine.product === 'mysql') {
      await side.ask(`SET GLOBAL mandatory_roles = 'seers', GLOBAL activate_all_roles_on_login = ON`);
      expect(await lacks()).toBe(false);
      await side.ask('SET GLOBAL mandatory_roles = DEFAULT, GLOBAL activate_all_roles_on_login = OFF');
    }
    await side.ask(`DROP ROLE seers; GRANT PROCESS ON *.* TO 'cutover_runbook'@'%'`);
  });
});
