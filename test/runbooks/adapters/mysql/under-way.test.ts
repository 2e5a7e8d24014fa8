import type { Connection } from 'mysql2/promise';
import { everyProcess } from '../../../../runbooks/adapters/mysql/processes';
import { describeWithMysql } from '../../../mysql-server';
import { MysqlTestSide, perform, soon } from './mysql-test-side';

describeWithMysql('what is under way on a MySQL side', (server) => {
  let side: MysqlTestSide;
  const busy: Connection[] = [];
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
  });
  afterEach(() => {
    for (const session of busy.splice(0)) session.destroy();
  });

  /** A statement that goes on until its session ends, and shows a character of four bytes all the while. */
  async function runs(session: Connection, statement: string): Promise<string> {
    busy.push(session);
    session.query(statement.replace('?', `CONCAT('𝒳', SLEEP(600))`)).catch(() => undefined);
    const id = String((session as unknown as { threadId: number }).threadId);
    while (!(await side.ask(`SHOW PROCESSLIST`)).includes(id));
    return id;
  }

  test('is seen whatever characters stand in statements: sessions, transactions, DDL, replication', async () => {
    const database = await side.started(1);
    const writer = await side.session('orders_app');
    await writer.query('START TRANSACTION');
    await writer.query(`INSERT INTO customers (name) VALUES ('open')`);
    await runs(await side.session('orders_worker'), 'SELECT ? FOR UPDATE');
    const feed = database.changedKeys as NonNullable<typeof database.changedKeys>;
    await perform(feed.open());
    await perform(feed.close());
    const writing = await runs(writer, 'UPDATE customers SET name = ?');
    const reader = await side.session('orders_report');
    await reader.query('START TRANSACTION READ ONLY');
    const reading = await runs(reader, 'SELECT ? FROM customers');
    await runs(await side.session('cutover_replication'), 'SELECT ?');
    await side.ask('DO SLEEP(1.2)');

    const census = await database.sessions.census(soon());
    expect(census.map(({ account }) => account)).toEqual(
      expect.arrayContaining(['orders_app', 'orders_report', 'orders_worker', 'cutover_replication']),
    );
    const open = await database.sessions.openTransactions(1, soon());
    expect(open).toContainEqual({
      account: 'orders_app',
      processId: writing,
      ageSeconds: expect.any(Number) as number,
    });
    expect(open.map(({ processId }) => processId)).toContain(writing);
    // What has only read is told by performance_schema alone.
    expect(open.some(({ processId }) => processId === reading)).toBe(true);
    expect(await database.sessions.ddlUnderWay(soon())).toEqual([]);
    expect(await database.fitness.undeclaredSessions(soon())).toEqual([]);
    expect(await database.arrivals.quietSeconds(soon())).toBeUndefined();

    await perform(database.gate.fence());
    await perform(database.gate.endSessions());
    expect(await database.gate.whyNotFenced(soon())).toBeUndefined();
    await perform(database.gate.open());
    await database.close();
  });

  test('behind the fence is seen: whoever was let in by hand, also when the lock is back and the session stayed', async () => {
    const database = await side.started(2);
    await perform(database.gate.fence());
    await perform(database.gate.endSessions());
    expect(await database.gate.whyNotClosed(soon())).toBeUndefined();
    const why = () => database.gate.whyNotClosed(AbortSignal.timeout(300));
    await side.ask(`ALTER USER 'orders_app'@'%' ACCOUNT UNLOCK`);
    expect(await why()).toMatchObject({ code: 'account-not-locked', value: 1 });
    const session = await side.session('orders_app');
    await side.ask(`ALTER USER 'orders_app'@'%' ACCOUNT LOCK`);
    expect(await why()).toMatchObject({ code: 'session-under-fence', value: 1 });
    await session.end();
    await side.ask(`CREATE USER 'intruder'@'%' IDENTIFIED BY 'x'`);
    expect(await why()).toMatchObject({ code: 'account-not-locked', value: 1 });
    await side.ask(`DROP USER 'intruder'@'%'`);
    expect(await database.gate.whyNotClosed(soon())).toBeUndefined();
    await perform(database.gate.open());
    await database.close();
  });

  test('is not taken for nothing where the server does not show who asks', async () => {
    const reading = (rows: Record<string, string>[]) =>
      everyProcess({ account: 'me', title: 'source', reading: { rows: async () => rows } } as never, soon());
    const other = { Id: '1', User: 'other', Command: 'Sleep' };
    await expect(reading([])).rejects.toThrow('performance_schema_show_processlist = OFF');
    await expect(reading([other])).rejects.toThrow('does not even show');
    expect(await reading([other, { ...other, User: 'me', Info: 'SHOW PROCESSLIST' }])).toHaveLength(2);
  });
});
