import type { Connection } from 'mysql2/promise';
import { describeWithMysql } from '../../../mysql-server';
import { failureOf, MysqlTestSide, perform, soon } from './mysql-test-side';

/** What an administrator has switched off with SET GLOBAL, the server's configuration switches on again. */
const settings = { 'event-scheduler': 'ON' };

describeWithMysql(
  'a fenced MySQL or MariaDB side whose server is killed',
  (server) => {
    let side: MysqlTestSide;
    let root: Connection;
    beforeAll(async () => {
      side = await MysqlTestSide.prepare(server());
      await side.ask(`GRANT TRIGGER ON orders.* TO 'cutover_runbook'@'%'`);
      const define = server().engine.product === 'mariadb' ? 'SET USER' : 'SET_ANY_DEFINER';
      await side.ask(`GRANT ${define} ON *.* TO 'cutover_runbook'@'%'`);
    });
    const firstOf = async (sql: string) => {
      const [rows] = await root.query<never[]>(sql);
      return rows.map((row) => Object.values(row)[0]);
    };
    const killed = async () => {
      await server().engine.kill();
      await server().engine.restart();
      root = await server().connect();
    };

    test('is fenced when it is back, be it that its scheduler stood still at the fence and runs now', async () => {
      await side.ask(`CREATE DEFINER = 'orders_app'@'%' EVENT orders.tick ON SCHEDULE EVERY 1 SECOND DISABLE
        DO INSERT INTO orders.customers (name) VALUES ('tick')`);
      await side.ask(`GRANT EVENT ON orders.* TO 'orders_app'@'%'; SET GLOBAL event_scheduler = OFF`);
      await side.ask('ALTER DEFINER = `orders_app`@`%` EVENT orders.tick ENABLE');
      const before = await side.started(1);
      await perform(before.gate.fence());
      await perform(before.gate.endSessions());
      expect(await before.gate.whyNotFenced(soon())).toBeUndefined();
      await killed();

      expect(await firstOf('SELECT @@GLOBAL.event_scheduler')).toEqual(['ON']);
      expect(await before.gate.whyNotClosed(soon())).toBeUndefined();
      expect(await before.gate.whyNotFenced(soon())).toBeUndefined();
      expect((await failureOf(side.session('orders_app'))).message).toContain('locked');
      await root.query('DO SLEEP(1.5)');
      expect(await firstOf('SELECT COUNT(*) FROM orders.customers')).toEqual(['0']);
      await before.close();

      const after = await side.connect();
      await after.adopt(1, soon());
      expect(await perform(after.gate.fence())).toBe('already');
      expect(await perform(after.gate.open())).toBe('applied');
      expect(await after.gate.read(soon())).toMatchObject({ unlockedAccounts: ['orders_app', 'orders_worker'] });
      const events = `SELECT CONCAT_WS(' ', definer, status) FROM information_schema.events WHERE event_name = 'tick'`;
      expect(await firstOf(events)).toEqual(['orders_app@% ENABLED']);
      await after.close();
    });
  },
  settings,
);
