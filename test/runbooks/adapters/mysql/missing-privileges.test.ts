import { describeWithMysql, isMariadbBefore106 } from '../../../mysql-server';
import { MysqlTestSide, soon } from './mysql-test-side';

describeWithMysql('what the runbook’s account may not do on a MySQL or MariaDB side', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
    await side.ask(`GRANT TRIGGER ON *.* TO 'cutover_runbook'@'%'`);
  });

  test('is named, each with the GRANT that mends it', async () => {
    const database = await side.connect();
    const ending = server().engine.product === 'mariadb' ? 'CONNECTION ADMIN' : 'CONNECTION_ADMIN';
    const lost = ['PROCESS', 'CREATE USER', 'REPLICATION SLAVE', 'EVENT', 'TRIGGER', ending];
    await side.ask(`REVOKE ${lost.join(', ')} ON *.* FROM 'cutover_runbook'@'%';
      REVOKE ALTER ON orders.* FROM 'cutover_runbook'@'%'`);
    await database.close();
    const weak = await side.connect();
    const missing = await weak.fitness.missingPrivileges(soon());
    expect(missing.map(({ privilege }) => privilege.replace(/ \(.*/, '')).sort()).toEqual(
      [...lost.map((name) => (name === 'TRIGGER' ? 'TRIGGER on orders' : name)), 'ALTER on orders'].sort(),
    );
    for (const { grant } of missing) await side.ask(grant);
    await weak.close();
    const whole = await side.connect();
    const left = await whole.fitness.missingPrivileges(soon());
    expect(left.map(({ grant }) => grant)).toEqual(
      isMariadbBefore106(server()) ? [`GRANT TRIGGER ON *.* TO 'cutover_runbook'@'%'`] : [],
    );
    for (const { grant } of left) await side.ask(grant);
    await whole.close();
    const mended = await side.connect();
    expect(await mended.fitness.missingPrivileges(soon())).toEqual([]);
    await mended.close();
  });
});
