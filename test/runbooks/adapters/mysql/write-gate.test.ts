import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { whyNotFencedWithin } from './fence-time';
import { describeWithMysql } from '../../../mysql-server';
import { failureOf, MysqlTestSide, passwords, perform, soon } from './mysql-test-side';

describeWithMysql('the write gate of a MySQL or MariaDB side', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
    await side.ask(`GRANT TRIGGER ON orders.* TO 'cutover_runbook'@'%'`);
  });

  test('a fence ends every session of the application, refuses its login by the lock itself, and opens again', async () => {
    const database = await side.started(1);
    await side.ask(`CREATE USER 'orders_app'@'10.%' IDENTIFIED BY 'other', 'someone'@'localhost' IDENTIFIED BY 'x'`);
    const writer = await side.session('orders_app');
    const reader = await side.session('orders_report');
    await writer.query('START TRANSACTION');
    await writer.query(`INSERT INTO customers (name) VALUES ('never committed')`);

    expect(await database.gate.read(soon())).toEqual({
      unlockedAccounts: ['orders_app', 'orders_worker'],
      fencedAccounts: [],
      missingAccounts: [],
    });
    const before = await whyNotFencedWithin(database, 300);
    expect(before).toMatchObject({ code: 'account-not-locked', value: 4 });

    expect(await perform(database.gate.fence())).toBe('applied');
    expect(await whyNotFencedWithin(database, 300)).toMatchObject({ code: 'session-under-fence' });
    await perform(database.gate.endSessions());
    expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
    expect(await database.gate.read(soon())).toEqual({
      unlockedAccounts: [],
      fencedAccounts: [`'orders_app'@'%'`, `'orders_app'@'10.%'`, `'orders_worker'@'%'`, `'someone'@'localhost'`],
      missingAccounts: [],
    });
    await failureOf(writer.query('COMMIT'));
    expect((await failureOf(side.session('orders_app'))).message).toContain('locked');
    await reader.query('SELECT 1');
    expect(await side.ask('SELECT COUNT(*) FROM orders.customers')).toEqual(['0']);
    expect(await perform(database.gate.fence())).toBe('already');

    expect(await perform(database.gate.open())).toBe('applied');
    expect(await perform(database.gate.open())).toBe('already');
    await perform(database.gate.proveWrite(side.server.engine));
    expect((await database.gate.read(soon())).fencedAccounts).toEqual([]);
    await side.ask(`DROP USER 'orders_app'@'10.%', 'someone'@'localhost'`);
    await database.close();
  });

  test('an account that was locked before stays so, unless the closing of the target adopts it', async () => {
    const database = await side.started(2);
    await side.ask(`ALTER USER 'orders_worker'@'%' ACCOUNT LOCK`);
    await perform(database.gate.fence());
    expect((await database.gate.read(soon())).fencedAccounts).toEqual([`'orders_app'@'%'`]);
    await perform(database.gate.open());
    expect((await database.gate.read(soon())).unlockedAccounts).toEqual(['orders_app']);
    await perform(database.gate.fence({ adoptsLocked: true }));
    await perform(database.gate.open());
    expect((await database.gate.read(soon())).unlockedAccounts).toEqual(['orders_app', 'orders_worker']);
    await database.close();
  });

  test('what a crash between record and lock leaves is opened by the record', async () => {
    const database = await side.started(3);
    await side.ask(
      `INSERT INTO cutover_local.fenced_account (account, epoch) VALUES ('''orders_app''@''%''', 3), ('''gone''@''%''', 3)`,
    );
    await side.ask(`ALTER USER 'orders_app'@'%' ACCOUNT LOCK`);
    await perform(database.gate.open());
    expect((await database.gate.read(soon())).unlockedAccounts).toContain('orders_app');
    await database.close();
  });

  test('events run no more under the fence, and afterwards as before: definer, mode, character set and schedule', async () => {
    const define = server().engine.product === 'mariadb' ? 'SET USER' : 'SET_ANY_DEFINER';
    await side.ask(`REVOKE ${define} ON *.* FROM 'cutover_runbook'@'%'`);
    const database = await side.started(4);
    await side.ask('SET GLOBAL event_scheduler = ON');
    await side.ask(`SET NAMES latin1; SET SESSION sql_mode = 'ANSI_QUOTES';
      CREATE EVENT orders.nightly ON SCHEDULE EVERY 1 DAY DO INSERT INTO orders.customers (name) VALUES ('event');
      CREATE EVENT orders.off ON SCHEDULE EVERY 1 DAY DISABLE DO SET @a = 1;
      CREATE EVENT orders.once ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 HOUR DO SET @a = 1;
      SET NAMES utf8mb4; SET SESSION sql_mode = DEFAULT`);
    const events = () =>
      side.ask(`SELECT CONCAT_WS(' ', event_name, definer, status, sql_mode, character_set_client, interval_value)
        FROM information_schema.events WHERE event_schema = 'orders' ORDER BY event_name`);
    const before = await events();
    const missing = (await database.fitness.missingPrivileges(soon())).map(({ grant }) => grant);
    // MySQL gives a definer that has SYSTEM_USER, as root, only by an account that has it as well.
    const protectedToo = server().engine.product === 'mariadb' ? [] : ['SYSTEM_USER'];
    expect(missing).toEqual(
      [define, ...protectedToo].map((privilege) => `GRANT ${privilege} ON *.* TO 'cutover_runbook'@'%'`),
    );
    // Without it the definer would change for good: refused, and nothing is changed.
    await failureOf(perform(database.gate.fence()));
    expect(await events()).toEqual(before);
    await perform(database.gate.open());
    for (const grant of missing) await side.ask(grant);
    await database.close();

    const again = await side.started(5);
    expect(await again.fitness.missingPrivileges(soon())).toEqual([]);
    await perform(again.gate.fence());
    await perform(again.gate.endSessions());
    expect(await again.gate.whyNotFenced(soon())).toBeUndefined();
    expect((await events()).filter((one) => one.includes(' ENABLED '))).toEqual([]);
    await side.ask('SET NAMES latin1; ALTER EVENT orders.nightly ENABLE; SET NAMES utf8mb4');
    expect(await whyNotFencedWithin(again, 300)).toMatchObject({
      code: 'event-under-fence',
      next: 'ALTER EVENT `orders`.`nightly` DISABLE',
    });
    await perform(again.gate.open());
    expect(await events()).toEqual(before);
    await side.ask(
      'SET GLOBAL event_scheduler = OFF; DROP EVENT orders.nightly; DROP EVENT orders.off; DROP EVENT orders.once',
    );
    await again.close();
  });

  test('an event whose moment passes under the fence runs when it opens', async () => {
    const database = await side.started(6);
    await side.ask(`SET GLOBAL event_scheduler = ON;
      CREATE EVENT orders.soon ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 2 SECOND DO
        INSERT INTO orders.customers (name) VALUES ('late')`);
    await perform(database.gate.fence());
    await side.ask('DO SLEEP(2.5)');
    expect(await side.ask(`SELECT COUNT(*) FROM orders.customers WHERE name = 'late'`)).toEqual(['0']);
    await perform(database.gate.open());
    for (let tries = 0; tries < 50; tries += 1) {
      if ((await side.ask(`SELECT name FROM orders.customers WHERE name = 'late'`)).length > 0) break;
      await side.ask('DO SLEEP(0.1)');
    }
    expect(await side.ask(`SELECT name FROM orders.customers WHERE name = 'late'`)).toEqual(['late']);
    await side.ask('SET GLOBAL event_scheduler = OFF');
    await database.close();
  });

  test('a prepared XA transaction keeps the fence unproven until somebody ends it', async () => {
    const database = await side.started(7);
    const writer = await side.session('orders_app');
    await writer.query(`XA START 'left'; INSERT INTO customers (name) VALUES ('xa'); XA END 'left'; XA PREPARE 'left'`);
    await perform(database.gate.fence());
    await perform(database.gate.endSessions());
    expect(await whyNotFencedWithin(database, 500)).toMatchObject({ code: 'prepared-transaction' });
    expect(await database.sessions.preparedTransactions(soon())).toEqual(['left']);
    await side.ask(`XA ROLLBACK 'left'`);
    expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
    await perform(database.gate.open());
    await database.close();
  });

  test('a wrong secret, or an account that is not there, proves no lock', async () => {
    const wrong = await side.started(8, {
      loginSecret: async (secretId) => ({ username: secretId, password: 'not the password' }),
    });
    await perform(wrong.gate.fence());
    await perform(wrong.gate.endSessions());
    expect(await whyNotFencedWithin(wrong, 800)).toMatchObject({ code: 'login-not-refused-by-lock' });
    await perform(wrong.gate.open());
    await wrong.close();

    const manifest = structuredClone(side.manifest);
    manifest.accounts.write.push({ name: 'ghost', secretId: 'orders_app' });
    const database = await side.started(9, { manifest });
    expect((await database.gate.read(soon())).missingAccounts).toEqual(['ghost']);
    await perform(database.gate.fence());
    await perform(database.gate.endSessions());
    expect(await whyNotFencedWithin(database, 800)).toMatchObject({ code: 'account-missing' });
    await perform(database.gate.open());
    await database.close();
  });

  test('the fence is rehearsed on an account of its own, which is gone afterwards', async () => {
    const database = await side.started(10);
    await side.ask(`CREATE USER 'cutover_canary_orders'@'%' IDENTIFIED BY 'left behind'`);
    await perform(database.gate.rehearseFence());
    expect(await side.ask(`SELECT User FROM mysql.user WHERE User LIKE '%canary%'`)).toEqual([]);
    await side.ask(`REVOKE CREATE USER ON *.* FROM 'cutover_runbook'@'%'`);
    await database.close();
    const weak = await side.started(11);
    await failureOf(perform(weak.gate.rehearseFence()));
    await side.ask(`GRANT CREATE USER ON *.* TO 'cutover_runbook'@'%'`);
    await weak.close();
  });

  test('an event that runs as somebody whom no fence keeps out is ended, and is no reason to refuse the switch', async () => {
    const before = await side.started(12);
    await side.ask(`SET GLOBAL event_scheduler = ON;
      CREATE EVENT orders.purge ON SCHEDULE EVERY 1 DAY DO
      BEGIN DO SLEEP(60); INSERT INTO orders.customers (name) VALUES ('under the fence'); END`);
    const runs = () => side.ask(`SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND = 'Connect'`);
    while ((await runs())[0] !== '1') await side.ask('DO SLEEP(0.1)');
    // MySQL ends a run of root's only by an account that has SYSTEM_USER as well.
    for (const { grant } of await before.fitness.missingPrivileges(soon())) await side.ask(grant);
    await before.close();
    const database = await side.started(13);
    expect(await database.fitness.undeclaredSessions(soon())).toEqual([]);
    await perform(database.gate.fence());
    expect(await whyNotFencedWithin(database, 300)).toMatchObject({ code: 'session-under-fence', value: 1 });
    await perform(database.gate.endSessions());
    expect(await runs()).toEqual(['0']);
    expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
    await perform(database.gate.open());
    await side.ask('SET GLOBAL event_scheduler = OFF; DROP EVENT orders.purge');
    await database.close();
  });

  test('a name that is mighty from one host and not from another is nobody whom the fence may leave in', async () => {
    const database = await side.started(14);
    await side.ask(`CREATE USER 'dba'@'localhost' IDENTIFIED BY 'x', 'dba'@'%' IDENTIFIED BY 'dba-pass-word';
      GRANT SUPER ON *.* TO 'dba'@'localhost'; GRANT INSERT ON orders.* TO 'dba'@'%'`);
    const writer = await side.server.connect({ user: 'dba', password: 'dba-pass-word', database: 'orders' });
    expect(await database.fitness.undeclaredSessions(soon())).toEqual([{ account: 'dba', count: 1 }]);
    await perform(database.gate.fence());
    expect(await whyNotFencedWithin(database, 300)).toMatchObject({ code: 'session-under-fence', value: 1 });
    await perform(database.gate.endSessions());
    await failureOf(writer.query(`INSERT INTO customers (name) VALUES ('under the fence')`));
    expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
    await perform(database.gate.open());
    await side.ask(`DROP USER 'dba'@'localhost', 'dba'@'%'`);
    await database.close();
  });

  test('clients that are refused again and again are no sessions that stay', async () => {
    const database = await side.started(40);
    await perform(database.gate.fence());
    // In a process of its own, so that its logins are under way while this one looks.
    const { host, port } = server().engine;
    const login = {
      host,
      port,
      user: 'orders_app',
      password: passwords.orders_app,
      ssl: { rejectUnauthorized: false },
    };
    const program = `const again = () => require('mysql2').createConnection(${JSON.stringify(login)})
        .on('error', () => setTimeout(again, 5)).connect();
      for (let client = 0; client < 8; client += 1) again();`;
    const clients = spawn(process.execPath, ['-e', program], { stdio: 'ignore' });
    try {
      const end = database.gate.endSessions();
      for (let look = 0; look < 400; look += 1) expect(await end.verify(soon())).toBe(true);
      expect(await database.gate.whyNotClosed(soon())).toBeUndefined();
    } finally {
      clients.kill();
      await once(clients, 'close');
    }
    await perform(database.gate.open());
    await database.close();
  });
});
