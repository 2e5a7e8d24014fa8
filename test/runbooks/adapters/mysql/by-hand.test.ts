import type { RowDataPacket } from 'mysql2/promise';
import type { Manifest } from '../../../../definition/manifest/sections';
import { breakGlass, keepOut } from '../../../../runbooks/procedure/break-glass';
import type { Situation } from '../../../../runbooks/procedure/situation';
import { wordsOf } from '../../../../runbooks/procedure/engine-words/words-of';
import { describeWithMysql } from '../../../mysql-server';
import { failureOf, MysqlTestSide, perform, soon } from './mysql-test-side';

const gate = { unlockedAccounts: [], fencedAccounts: [], missingAccounts: [] };

describeWithMysql('what is typed by hand on a MySQL side', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
    const definers = server().engine.product === 'mariadb' ? 'SET USER' : 'SET_ANY_DEFINER';
    await side.ask(`GRANT ${definers} ON *.* TO 'cutover_runbook'@'%'`);
  });

  /** As a person would: each line, and each line that a line says is to be run. @returns what was shown otherwise */
  async function type(text: string): Promise<unknown[]> {
    const shown: unknown[] = [];
    const person = await side.session('root');
    for (const line of text.split('\n').filter((each) => !each.startsWith('--'))) {
      const [rows] = await person.query<RowDataPacket[]>(line);
      if (!Array.isArray(rows)) continue;
      for (const row of rows)
        if (typeof row['run_each'] === 'string') await person.query(row['run_each']);
        else shown.push(...(Object.values(row) as unknown[]));
    }
    await person.end();
    return shown;
  }
  const login = () => side.session('orders_app').then((session) => session.end());
  const situation = (kind: Situation['kind'], decision?: 'open'): Situation => ({
    kind,
    primary: decision ? 'target' : 'source',
    direction: 'reverse',
    switchEpoch: 7,
    writesAccepted: 'nowhere',
    decision,
    contradictions: [],
    row: { epoch: 7, primary: 'target', direction: 'reverse', phase: 'switching', switchEpoch: 7, detail: {} },
  });
  const stepsOn = (manifest: Manifest, at: Situation, fenced: readonly string[]) =>
    breakGlass({ manifest, situation: at, gates: { source: { ...gate, fencedAccounts: fenced }, target: gate } })
      .filter(({ title }) => title.startsWith('on the source'))
      .map(({ text }) => text);

  test('runs that still live are ended and outnumbered, and the unwinding is decided', async () => {
    const running = await side.started(7);
    const [end, decide] = stepsOn(side.manifest, situation('switching'), []);
    await type(end as string);
    expect((await failureOf(running.flow.writeMarker('forward', 'late').act(soon()))).message).toMatch(/gone|broke/);
    expect(await side.ask('SELECT epoch FROM cutover_local.state')).toEqual(['8']);
    expect(await type(decide as string)).toEqual(['unwind']);
    expect(await type(decide as string)).toEqual(['unwind']);
    await running.close();
  });

  test('accounts and events are closed and let in again, exactly as a runbook would', async () => {
    await side.ask(`UPDATE cutover_local.state SET epoch = 0`);
    await side.ask(`CREATE USER 'orders_app'@'127.0.0.1' IDENTIFIED BY 'app-pass-word'`);
    await side.ask(`CREATE DEFINER = 'orders_app'@'%' EVENT orders.\`it's nightly\` ON SCHEDULE EVERY 1 DAY
      DO DELETE FROM orders.invoices WHERE id < 0`);
    await side.ask(`CREATE DEFINER = 'orders_app'@'%' EVENT orders.\`nächtlich\` ON SCHEDULE EVERY 1 DAY DO SET @a = 1;
      SET NAMES latin1; CREATE DEFINER = 'orders_app'@'%' EVENT orders.old ON SCHEDULE EVERY 1 DAY DO SET @a = 1; SET NAMES utf8mb4`);
    const mode = () =>
      side.ask(`SELECT CONCAT_WS(' ', STATUS, EVENT_NAME, SQL_MODE, DEFINER, CHARACTER_SET_CLIENT, COLLATION_CONNECTION)
        FROM information_schema.EVENTS WHERE EVENT_SCHEMA = 'orders' ORDER BY EVENT_NAME`);
    const before = await mode();
    const inside = await side.session('orders_worker');
    const { text } = keepOut(side.manifest, 'source', gate, 9);
    // A session that was told to end may still be listed for a moment: its title asks to go on at 0 only.
    let left = await type(text);
    for (let again = 0; left[0] !== '0' && again < 20; again += 1) left = await type(text);
    expect(left).toEqual(['0']);
    await failureOf(inside.query('SELECT 1'));
    expect((await failureOf(login())).message).toContain('locked');
    for (const event of await mode()) expect(event).toMatch(/^DISABLED/);
    // A runbook takes it up from there.
    const database = await side.started(9);
    const { fencedAccounts, unlockedAccounts } = await database.gate.read(soon());
    expect(fencedAccounts).toEqual([`'orders_app'@'%'`, `'orders_app'@'127.0.0.1'`, `'orders_worker'@'%'`]);
    expect(unlockedAccounts).toEqual([]);
    await perform(database.gate.open());
    await login();
    expect(await mode()).toEqual(before);

    await perform(database.gate.fence());
    expect((await failureOf(login())).message).toContain('locked');
    const opening = { ...situation('opening', 'open'), primary: 'source' } as const;
    const texts = stepsOn(side.manifest, opening, fencedAccounts);
    await type(texts.at(-1) as string);
    await login();
    expect(await mode()).toEqual(before);
    expect((await database.gate.read(soon())).fencedAccounts).toEqual([]);
    await database.close();
  });

  test('on RDS sessions are ended by its own procedures, and the binlog is kept by them', () => {
    const manifest = structuredClone(side.manifest);
    Object.assign(manifest.databases.source, { instanceIdentifier: 'orders' });
    const words = wordsOf(manifest, 'source');
    expect(words.endSession('7')).toBe('CALL mysql.rds_kill(7)');
    expect(words.endRuns('orders')).toContain(`CONCAT('CALL mysql.rds_kill(', connection_id, ');')`);
    expect(words.keepLog(0, 5000)).toBe(`CALL mysql.rds_set_configuration('binlog retention hours', 2)`);
    expect(wordsOf(manifest, 'target').endSession('7')).toContain('pg_terminate_backend');
  });
});
