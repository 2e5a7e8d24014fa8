import type { Database } from '../../../../runbooks/ports/database';
import type { Effect } from '../../../../runbooks/ports/effect';
import { StaleEpochError } from '../../../../runbooks/ports/failures';
import { describeWithMysql } from '../../../mysql-server';
import { failureOf, MysqlTestSide, perform, soon } from './mysql-test-side';

const row = (epoch: number) =>
  ({ epoch, primary: 'source', direction: 'forward', phase: 'steady', switchEpoch: 0, detail: {} }) as const;

/** Every effect of a side but install and heartbeats, which carry no epoch, and raising it. */
const effectsOf = (database: Database, epoch: number): Effect[] => [
  database.gate.fence(),
  database.gate.endSessions(),
  database.gate.open(),
  database.gate.rehearseFence(),
  database.flow.writeMarker('forward', 'stale'),
  database.control.writeState(row(epoch)),
  database.control.decide(1, 'forward', 'open', row(epoch)),
  database.control.decide(1, 'forward', 'unwind', row(epoch)),
  database.control.recordVerification({
    finishedAtMilliseconds: 1,
    durationMilliseconds: 1,
    rows: 1,
    divergentRows: 0,
    unverifiedTables: [],
  }),
  database.sequences.advanceSequences(new Map([['orders.invoices.id', '77']])),
  database.slots.createSlot('stale_position'),
  database.slots.advanceSlot('stale_position'),
  database.slots.dropSlot('stale_position'),
  database.analyse(),
];

describeWithMysql('epochs on a MySQL side', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
  });
  afterEach(() => side.ask('UPDATE cutover_local.state SET epoch = 0'));

  const footprint = async () => [
    await side.ask(`SELECT CONCAT(User, '@', Host) FROM mysql.user ORDER BY 1`),
    await side.ask(`SHOW CREATE USER 'orders_app'@'%'`),
    await side.ask(
      `SELECT AUTO_INCREMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'orders' ORDER BY TABLE_NAME`,
    ),
    await side.ask('SELECT COUNT(*) FROM cutover_flow.marker_forward'),
    await side.ask('SELECT COUNT(*) FROM cutover_local.decision'),
    await side.ask('SELECT COUNT(*) FROM cutover_local.verification'),
    await side.ask('SELECT COUNT(*) FROM cutover_local.journal_head'),
    await side.ask('SELECT COUNT(*) FROM cutover_local.fenced_account'),
    await side.ask('SELECT COUNT(*) FROM cutover_local.log_position'),
  ];
  const connections = () =>
    side.ask<string>(
      `SELECT connection_id FROM cutover_local.effect_session WHERE IS_USED_LOCK(lock_name) = connection_id`,
    );

  test('every effect of a run that was taken over is refused by the database itself, and changes nothing', async () => {
    const database = await side.started(4);
    const before = await footprint();
    await side.ask('UPDATE cutover_local.state SET epoch = 5');
    for (const effect of effectsOf(database, 4)) {
      const failure = await failureOf(effect.act(soon()));
      expect({ effect: effect.name, refused: failure instanceof StaleEpochError }).toEqual({
        effect: effect.name,
        refused: true,
      });
      expect(failure.message).toContain('accepts epoch 5, this run carries 4');
    }
    await expect(database.control.writeJournalHead('run', 1, 'head', soon())).rejects.toThrow(StaleEpochError);
    await expect(database.control.raiseEpoch(4).act(soon())).rejects.toThrow(StaleEpochError);
    expect(await footprint()).toEqual(before);
    // Watching goes on beside a switch.
    await perform(database.flow.writeHeartbeat('forward'));
    await database.close();
  });

  test('without an epoch nothing is changed', async () => {
    const database = await side.connect();
    await perform(database.control.install());
    for (const effect of effectsOf(database, 0))
      expect((await failureOf(effect.act(soon()))).message).toMatch(/no epoch is adopted|is not this run's/);
    await database.close();
  });

  test('a plan has nothing to change a side with', async () => {
    const database = await side.connect({ mode: 'plan' });
    const all = [
      ...effectsOf(database, 0),
      database.control.install(),
      database.control.raiseEpoch(9),
      database.flow.writeHeartbeat('forward'),
      database.gate.proveWrite(server().engine),
    ];
    for (const effect of all) expect((await failureOf(effect.act(soon()))).message).toContain('a plan has none');
    await expect(database.adopt(1, soon())).rejects.toThrow('plan');
    await expect(database.control.writeJournalHead('run', 1, 'head', soon())).rejects.toThrow('plan');
    await database.close();
  });

  test('raising the epoch ends every session of lower ones, even one that holds the row, and no other', async () => {
    const manifest = structuredClone(side.manifest);
    manifest.identity.migration = 'orders-archive';
    const neighbour = await side.started(1, { manifest });
    const stale = await side.started(6);
    const [staleId] = await connections().then((ids) => ids.slice(-1));
    // A session of ours that sits on the row: as a run that hangs in its transaction would.
    const holder = await side.session('cutover_runbook');
    await holder.query(`SELECT GET_LOCK('cutover:orders:holder', 0)`);
    await holder.query(
      `REPLACE INTO cutover_local.effect_session VALUES ('cutover:orders:holder', 'orders', 6, CONNECTION_ID(), 'x', NOW())`,
    );
    await holder.query('START TRANSACTION');
    await holder.query('SELECT * FROM cutover_local.state FOR UPDATE');

    const next = await side.connect();
    await next.adopt(7, soon());
    expect(await perform(next.control.raiseEpoch(7))).toBe('applied');
    expect(await perform(next.control.raiseEpoch(7))).toBe('already');
    await failureOf(holder.query('COMMIT'));
    expect(await side.ask('SELECT ID FROM information_schema.PROCESSLIST WHERE ID = ?', [staleId])).toEqual([]);
    const failure = await failureOf(stale.flow.writeMarker('forward', 'late').act(soon()));
    expect(failure.message).toMatch(/is gone and is not opened again by itself|broke/);
    await expect(stale.flow.writeMarker('forward', 'late').act(soon())).rejects.toThrow('not opened again by itself');
    await perform(neighbour.flow.writeMarker('forward', 'neighbour'));
    expect((await next.control.readState(soon()))?.epoch).toBe(7);
    expect(await side.ask(`SELECT epoch FROM cutover_local.effect_session WHERE migration = 'orders'`)).toEqual(['7']);
    await Promise.all([stale.close(), next.close(), neighbour.close()]);
  });

  test('a session that was given the number of a lower run’s is not ended', async () => {
    const gone = await side.started(20);
    const [row20] = await side.ask(`SELECT lock_name FROM cutover_local.effect_session WHERE epoch = 20`);
    await gone.close();
    const other = await side.session('orders_app');
    await side.ask('UPDATE cutover_local.effect_session SET connection_id = ? WHERE lock_name = ?', [
      other.threadId,
      row20,
    ]);
    // Somebody else who holds the lock is not the one that stands in the row, either.
    const thief = await side.session('orders_report');
    await thief.query('SELECT GET_LOCK(?, 0)', [row20]);
    const next = await side.started(21);
    await Promise.all([other.query('SELECT 1'), thief.query('SELECT 1')]);
    expect(await side.ask('SELECT lock_name FROM cutover_local.effect_session WHERE epoch = 20')).toEqual([]);
    await next.close();
  });

  test('who has registered and seen the old epoch just before it is raised is ended as well', async () => {
    const first = await side.started(30);
    const next = await side.connect();
    await next.adopt(31, soon());
    // In the instant between the first look and the raise: from outside that is while the row is held.
    const holder = await side.session('root');
    await holder.query('START TRANSACTION');
    await holder.query(`SELECT * FROM cutover_local.state WHERE migration = 'orders' FOR UPDATE`);
    await first.close();
    const raising = perform(next.control.raiseEpoch(31));
    while (
      (await side.ask(`SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT epoch%FOR UPDATE'`))
        .length === 0
    );
    const late = await side.connect();
    await late.adopt(30, soon());
    await holder.query('COMMIT');
    expect(await raising).toBe('applied');
    const failure = await failureOf(late.flow.writeMarker('forward', 'late').act(soon()));
    expect(failure.message).toMatch(/is gone|broke/);
    await Promise.all([late.close(), next.close()]);
  });

  test('an epoch below the standing one is never adopted, and says so', async () => {
    const first = await side.started(40);
    const late = await side.connect();
    await late.adopt(39, soon());
    expect(await failureOf(perform(late.control.raiseEpoch(39)))).toBeInstanceOf(StaleEpochError);
    await perform(first.flow.writeMarker('forward', 'still first'));
    await Promise.all([first.close(), late.close()]);
  });

  test('a run that cannot hold a lock of its own, by which it would be found, adopts nothing', async () => {
    const nonces = { next: () => 'always-the-same' };
    const first = await side.started(45, { nonces });
    const second = await side.connect({ nonces });
    expect((await failureOf(second.adopt(45, soon()))).message).toContain('does not give this run its own lock');
    expect((await failureOf(second.flow.writeMarker('forward', 'n').act(soon()))).message).toContain('no epoch');
    await Promise.all([first.close(), second.close()]);
  });

  test('a long name keeps its own sessions', async () => {
    const manifest = structuredClone(side.manifest);
    manifest.identity.migration = 'a-migration-whose-name-is-much-longer-than-the-name-of-a-lock-may-be';
    const stale = await side.started(123456, { manifest });
    const next = await side.started(123457, { manifest });
    await expect(stale.flow.writeMarker('forward', 'late').act(soon())).rejects.toThrow();
    await perform(next.flow.writeMarker('forward', 'not late'));
    await Promise.all([stale.close(), next.close()]);
  });

  test('an interruption ends what waits in the server and leaves the connection for the undo', async () => {
    const database = await side.started(50);
    const before = await connections();
    const blocker = await side.session('root');
    await blocker.query('LOCK TABLES cutover_flow.marker_forward WRITE');
    const interruption = new AbortController();
    const waiting = database.flow.writeMarker('forward', 'blocked').act(interruption.signal);
    while (
      (await side.ask(`SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'DELETE FROM cutover_flow%'`))
        .length === 0
    );
    interruption.abort(new Error('interrupted'));
    expect((await failureOf(waiting)).message).toBe('interrupted');
    await blocker.query('UNLOCK TABLES');
    await perform(database.flow.writeMarker('forward', 'undo'));
    expect(await database.flow.markerSeen('forward', 'blocked', soon())).toBe(false);
    expect(await connections()).toEqual(before);
    await database.close();
  });

  test('a server that does not react to the interruption loses the connection, not the operator', async () => {
    const database = await side.started(60);
    process.kill(server().engine.processId, 'SIGSTOP');
    const interruption = new AbortController();
    const waiting = database.flow.writeMarker('forward', 'frozen').act(interruption.signal);
    await new Promise(setImmediate);
    interruption.abort(new Error('interrupted'));
    const failure = await failureOf(waiting).finally(() => process.kill(server().engine.processId, 'SIGCONT'));
    expect(failure.message).toMatch(/broke|interrupted/);
    await expect(database.flow.writeMarker('forward', 'frozen').act(soon())).rejects.toThrow('not opened again');
    // Taking the epoch up again is a step of its own, and the only way back.
    await database.adopt(60, soon());
    await perform(database.flow.writeMarker('forward', 'thawed'));
    await database.close();
  });
});
