import { describeWithMysql } from '../../../mysql-server';
import { MysqlTestSide, soon } from './mysql-test-side';

describeWithMysql('grants of a MySQL side', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
  });

  test('what declared accounts may do with rows is read from every kind of grant, and what lacks is granted', async () => {
    await side.ask(`CREATE ROLE clerks; GRANT INSERT ON orders.* TO clerks; GRANT clerks TO 'orders_report'@'%';
      GRANT UPDATE (name) ON orders.customers TO 'orders_report'@'%'; REVOKE DELETE ON orders.* FROM 'orders_app'@'%';
      CREATE USER 'orders_app'@'10.%'; GRANT DELETE ON orders.customers TO 'orders_app'@'10.%'`);
    const database = await side.connect();
    const of = async (account: string, table: string) =>
      (await database.fitness.tableGrants(soon())).find((each) => each.account === account && each.table === table)
        ?.privileges;
    expect(await of('orders_report', 'orders.customers')).toEqual(['SELECT', 'INSERT']);
    expect(await of('orders_app', 'orders.customers')).toEqual(['SELECT', 'INSERT', 'UPDATE', 'DELETE']);
    expect(await of('orders_app', 'orders.invoices')).toEqual(['SELECT', 'INSERT', 'UPDATE']);
    const privileges = ['SELECT', 'UPDATE', 'DELETE'] as const;
    const wanted = [
      { account: 'orders_app', table: 'orders.invoices', privileges },
      { account: 'orders_app', table: 'orders.not_here', privileges },
    ];
    const missing = await database.fitness.missingGrants(wanted, soon());
    expect(missing).toEqual([
      {
        privilege: 'orders_app: DELETE on orders.invoices',
        grant: `GRANT DELETE ON \`orders\`.\`invoices\` TO 'orders_app'@'%', 'orders_app'@'10.%'`,
      },
    ]);
    for (const { grant } of missing) await side.ask(grant);
    expect(await database.fitness.missingGrants(wanted, soon())).toEqual([]);
    await side.ask(`DROP ROLE clerks; DROP USER 'orders_app'@'10.%'; GRANT DELETE ON orders.* TO 'orders_app'@'%';
      REVOKE UPDATE (name) ON orders.customers FROM 'orders_report'@'%'`);
    await database.close();
  });
});
