import { requireNeverIssued } from '../../../../runbooks/adapters/mysql/closing';
import type { Statement } from '../../../../runbooks/adapters/mysql/effect-connection';
import { describeWithMysql } from '../../../mysql-server';
import { whyNotFencedWithin } from './fence-time';
import { failureOf, MysqlTestSide, perform, soon } from './mysql-test-side';

describeWithMysql('accounts that take no lock', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
  });
  /** What the fence does with an account whose lock the server refuses. */
  const close = async (name: string) => {
    const text = `'${name}'@'%'`;
    await side.ask(`INSERT IGNORE INTO cutover_local.fenced_account (account, epoch) VALUES (?, 1)`, [text]);
    const statement: Statement = async (sql, values = []) => {
      const session = await side.session('root');
      const [rows] = await session.query(sql, [...values]);
      return (Array.isArray(rows) ? rows : []) as never;
    };
    await requireNeverIssued(statement, { name, host: '%', text }, 'a-nonce');
  };
  const required = (name: string) =>
    side.ask(
      `SELECT CONCAT_WS('|', CONVERT(ssl_type USING utf8mb4), CONVERT(ssl_cipher USING utf8mb4),
         CONVERT(x509_issuer USING utf8mb4), CONVERT(x509_subject USING utf8mb4)) FROM mysql.user WHERE User = ?`,
      [name],
    );

  test('are closed by a certificate that nobody has, proven, and given back exactly what they had to show', async () => {
    const database = await side.started(1);
    const clauses = ['NONE', 'SSL', 'X509', `SUBJECT '/CN=it''s me' AND ISSUER '/CN=us'`];
    for (const [index, clause] of clauses.entries())
      await side.ask(`CREATE USER 'shown_${index}'@'%' IDENTIFIED BY 'x' REQUIRE ${clause}`);
    const before = await Promise.all(clauses.map((_, index) => required(`shown_${index}`)));
    const names = ['orders_app', 'orders_worker', ...clauses.map((_, index) => `shown_${index}`)];
    for (const name of names) await close(name);
    // Done twice, what stands recorded is still what the account had.
    for (const name of names) await close(name);
    await failureOf(side.session('orders_app'));
    expect((await database.gate.read(soon())).unlockedAccounts).toEqual([]);
    expect(await database.gate.whyNotFenced(soon())).toBeUndefined();

    await perform(database.gate.open());
    expect(await Promise.all(clauses.map((_, index) => required(`shown_${index}`)))).toEqual(before);
    await (await side.session('orders_app')).query('SELECT 1');
    await side.ask(clauses.map((_, index) => `DROP USER 'shown_${index}'@'%'`).join('; '));
    await database.close();
  });

  test('are not taken for closed by a wrong password alone', async () => {
    const database = await side.started(2);
    await perform(database.gate.fence());
    await perform(database.gate.endSessions());
    const subject = '/CN=closed by cutover, never issued by hand';
    await side.ask(`ALTER USER 'orders_app'@'%' REQUIRE SUBJECT '${subject}' ACCOUNT UNLOCK`);
    // Nothing recorded says that its credentials were right before.
    expect(await whyNotFencedWithin(database, 500)).toMatchObject({ code: 'login-not-refused-by-lock' });
    await side.ask(`ALTER USER 'orders_app'@'%' REQUIRE NONE`);
    await perform(database.gate.open());
    await database.close();
  });
});
