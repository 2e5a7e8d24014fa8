import { describeWithMysql } from '../../../mysql-server';
import { MysqlTestSide, soon } from './mysql-test-side';

describeWithMysql('a read account of a MySQL or MariaDB side', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
    await side.ask(`CREATE DATABASE reports;
      CREATE SQL SECURITY DEFINER VIEW reports.newest AS SELECT id, name FROM orders.customers;
      CREATE SQL SECURITY INVOKER VIEW reports.own AS SELECT id, name FROM orders.customers;
      CREATE SQL SECURITY DEFINER VIEW reports.totals AS SELECT COUNT(*) AS n FROM orders.customers;
      CREATE PROCEDURE reports.seen(IN number bigint) UPDATE orders.customers SET name = 'seen' WHERE id = number;
      CREATE PROCEDURE reports.shown(IN number bigint) SELECT name FROM orders.customers WHERE id = number;
      CREATE PROCEDURE reports.asked(IN number bigint) SQL SECURITY INVOKER UPDATE orders.customers SET name = 'x';
      GRANT SELECT, INSERT, CREATE TEMPORARY TABLES ON reports.* TO 'orders_report'@'%'`);
  });

  test('that writes with the rights of others passes every fence: each way is named', async () => {
    const database = await side.connect();
    const ways = async () =>
      (await database.fitness.accountFaults(soon())).map(({ account, fault }) => `${account} ${fault}`);
    const view = `'orders_report'@'%' may write with the rights of whoever defined reports.newest`;
    const procedure = view.replace('newest', 'seen');
    expect(await ways()).toEqual([view]);
    for (const { repair } of await database.fitness.accountFaults(soon())) await side.ask(repair);
    expect(await ways()).toEqual([]);
    await side.ask(`GRANT EXECUTE ON reports.* TO 'orders_report'@'%'`);
    expect(await ways()).toEqual([procedure]);
    const reader = await side.session('orders_report');
    await side.ask(
      `INSERT INTO orders.customers (id, name) VALUES (1, 'new'); ALTER USER 'orders_app'@'%' ACCOUNT LOCK`,
    );
    await reader.query('CALL reports.seen(1)');
    expect(await side.ask('SELECT name FROM orders.customers')).toEqual(['seen']);
    await side.ask(`REVOKE EXECUTE ON reports.* FROM 'orders_report'@'%';
      GRANT EXECUTE ON PROCEDURE reports.seen TO 'orders_report'@'%'`);
    expect(await ways()).toEqual([procedure]);
    const [fault] = await database.fitness.accountFaults(soon());
    await side.ask(fault?.repair ?? '');
    expect(await ways()).toEqual([]);
    await database.close();
  });
});
