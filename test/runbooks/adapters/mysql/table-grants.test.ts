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
      (await database.fitness.tableGrants(soon())).find((each) => each.account === account && each.object === table)
        ?.privileges;
    expect(await of('orders_report', 'orders.customers')).toEqual(['SELECT', 'INSERT']);
    expect(await of('orders_app', 'orders.customers')).toEqual(['SELECT', 'INSERT', 'UPDATE', 'DELETE']);
    expect(await of('orders_app', 'orders.invoices')).toEqual(['SELECT', 'INSERT', 'UPDATE']);
    const privileges = ['SELECT', 'UPDATE', 'DELETE'] as const;
    const wanted = [
      { account: 'orders_app', kind: 'table', object: 'orders.invoices', privileges },
      { account: 'orders_app', kind: 'table', object: 'orders.not_here', privileges },
    ] as const;
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

  test('so is what they may do with single columns, views and routines', async () => {
    await side.ask(`CREATE VIEW orders.names AS SELECT id, name FROM orders.customers;
      CREATE VIEW orders.counts AS SELECT COUNT(*) AS n FROM orders.customers;
      CREATE FUNCTION orders.one() RETURNS int DETERMINISTIC RETURN 1; CREATE PROCEDURE orders.two() SELECT 2;
      CREATE ROLE callers; GRANT EXECUTE ON PROCEDURE orders.two TO callers; GRANT callers TO 'orders_report'@'%';
      REVOKE SELECT ON orders.* FROM 'orders_report'@'%';
      GRANT SELECT (ID, Name), UPDATE (name) ON orders.customers TO 'orders_report'@'%';
      GRANT EXECUTE ON FUNCTION orders.one TO 'orders_report'@'%'; GRANT SELECT ON orders.counts TO 'orders_report'@'%'`);
    const database = await side.connect();
    const of = async (account: string) =>
      (await database.fitness.tableGrants(soon())).filter(
        (each) => each.account === account && (each.columns ?? each.privileges).length > 0,
      );
    const [report] = [await of('orders_report')];
    expect(report).toEqual([
      {
        ...{ account: 'orders_report', kind: 'table', object: 'orders.customers', privileges: [] },
        columns: [
          { privilege: 'SELECT', names: ['id', 'name'] },
          { privilege: 'UPDATE', names: ['name'] },
        ],
      },
      { account: 'orders_report', kind: 'view', object: 'orders.counts', privileges: ['SELECT'] },
      { account: 'orders_report', kind: 'routine', object: 'orders.one', privileges: ['EXECUTE'] },
      { account: 'orders_report', kind: 'routine', object: 'orders.two', privileges: ['EXECUTE'] },
    ]);
    // Granted on the whole database: nobody could write what only counts.
    expect((await of('orders_app')).filter(({ kind }) => kind === 'view')).toEqual([
      { account: 'orders_app', kind: 'view', object: 'orders.counts', privileges: ['SELECT'] },
      ...[{ account: 'orders_app', kind: 'view', object: 'orders.names' }].map((each) => ({
        ...each,
        privileges: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
      })),
    ]);
    expect(await database.fitness.missingGrants(report, soon())).toEqual([]);

    const wanted = report.map((grant) => ({ ...grant, account: 'orders_worker' }));
    const elsewhere = { account: 'orders_worker', kind: 'routine', object: 'orders.not_here', privileges: [] } as const;
    await side.ask(`REVOKE ALL ON orders.* FROM 'orders_worker'@'%'`);
    const missing = await database.fitness.missingGrants([...wanted, elsewhere], soon());
    expect(missing).toEqual([
      {
        privilege: 'orders_worker: SELECT (id, name), UPDATE (name) on orders.customers',
        grant: "GRANT SELECT (`id`, `name`), UPDATE (`name`) ON `orders`.`customers` TO 'orders_worker'@'%'",
      },
      {
        privilege: 'orders_worker: SELECT on orders.counts',
        grant: "GRANT SELECT ON `orders`.`counts` TO 'orders_worker'@'%'",
      },
      {
        privilege: 'orders_worker: EXECUTE on orders.one',
        grant: "GRANT EXECUTE ON FUNCTION `orders`.`one` TO 'orders_worker'@'%'",
      },
      {
        privilege: 'orders_worker: EXECUTE on orders.two',
        grant: "GRANT EXECUTE ON PROCEDURE `orders`.`two` TO 'orders_worker'@'%'",
      },
    ]);
    for (const { grant } of missing) await side.ask(grant);
    expect(await database.fitness.missingGrants(wanted, soon())).toEqual([]);
    await database.close();

    // MySQL shows such an account no routine.
    await side.ask(`REVOKE SELECT ON *.* FROM 'cutover_runbook'@'%';
      GRANT SELECT ON orders.* TO 'cutover_runbook'@'%'; GRANT SELECT ON mysql.* TO 'cutover_runbook'@'%'`);
    const narrow = await side.connect();
    const called = (await narrow.fitness.tableGrants(soon())).filter(
      ({ account, kind }) => account === 'orders_report' && kind === 'routine',
    );
    expect(called.map(({ object }) => object).sort()).toEqual(['orders.one', 'orders.two']);
    await narrow.close();
  });
});
