import type { Database } from '../../../../runbooks/ports/database';
import type { StateRow } from '../../../../runbooks/ports/control-state';
import { describeWithMysql } from '../../../mysql-server';
import { failureOf, MysqlTestSide, perform, soon } from './mysql-test-side';

const state = (epoch: number, more: Partial<StateRow> = {}): StateRow => ({
  epoch,
  primary: 'source',
  direction: 'forward',
  phase: 'switching',
  switchEpoch: epoch,
  detail: {},
  ...more,
});

describeWithMysql('what stands in a MySQL side', (server) => {
  let side: MysqlTestSide;
  beforeAll(async () => {
    side = await MysqlTestSide.prepare(server());
  });

  // Comes first: later ones install.
  test('before the control databases stand, everything that reads them says so plainly', async () => {
    const database = await side.connect();
    expect(await database.control.readState(soon())).toBeUndefined();
    expect(await database.control.readDecision(1, soon())).toBeUndefined();
    expect(await database.control.readJournalHead('run', soon())).toBeUndefined();
    expect(await database.control.verifications(soon())).toEqual([]);
    expect(await database.flow.readHeartbeat('forward', soon())).toBeUndefined();
    expect(await database.flow.markerSeen('forward', 'nonce', soon())).toBe(false);
    expect(await database.arrivals.newest('forward', soon())).toBeUndefined();
    await database.adopt(1, soon());
    expect(await failureOf(perform(database.control.raiseEpoch(1)))).toMatchObject({
      code: 'not-started',
      next: 'cutover start orders',
    });
    await expect(database.flow.writeMarker('forward', 'n').act(soon())).rejects.toThrow();
    await database.close();
  });

  test('installing again keeps the state, and grants what a new account needs', async () => {
    const database = await side.started(3);
    expect(await perform(database.control.install())).toBe('already');
    await side.ask(`REVOKE INSERT ON cutover_local.write_proof FROM 'orders_worker'@'%'`);
    await side.ask(`CREATE USER 'orders_app'@'10.0.0.%'`);
    await side.ask(`REVOKE DELETE ON cutover_flow.* FROM 'cutover_replication'@'%'`);
    expect(await perform(database.control.install())).toBe('applied');
    expect((await database.control.readState(soon()))?.epoch).toBe(3);
    const replication = await side.session('cutover_replication');
    await replication.query('DELETE FROM cutover_flow.marker_reverse');
    await expect(replication.query('SELECT * FROM cutover_local.state')).rejects.toThrow('denied');
    const app = await side.session('orders_app');
    await app.query(`INSERT INTO cutover_local.write_proof (nonce) VALUES ('by hand')`);
    for (const table of ['state', 'decision', 'fenced_account', 'journal_head', 'effect_session', 'write_proof'])
      await expect(app.query(`SELECT * FROM cutover_local.${table}`)).rejects.toThrow('denied');
    await expect(app.query('SELECT * FROM cutover_flow.marker_forward')).rejects.toThrow('denied');
    expect(await side.ask(`SHOW GRANTS FOR 'orders_app'@'10.0.0.%'`)).toContainEqual(
      expect.stringContaining('write_proof'),
    );
    await database.close();
  });

  test('without the right to grant it, what the application lacks is asked for beforehand', async () => {
    const database = await side.started(3);
    const lacks = async () => (await database.fitness.missingPrivileges(soon())).map(({ grant }) => grant);
    const asked = [`GRANT GRANT OPTION ON \`cutover_local\`.* TO 'cutover_runbook'@'%'`];
    expect(await lacks()).not.toEqual(expect.arrayContaining(asked));
    await side.ask(`REVOKE INSERT ON cutover_local.write_proof FROM 'orders_worker'@'%'`);
    await side.ask(`REVOKE GRANT OPTION ON cutover_local.* FROM 'cutover_runbook'@'%'`);
    expect(await lacks()).toEqual(expect.arrayContaining(asked));
    expect((await failureOf(perform(database.control.install()))).message).toMatch(/denied.*, says the source/);
    await side.ask(asked[0] as string);
    expect(await perform(database.control.install())).toBe('applied');
    await database.close();
  });

  test('a table that is lost is made again, and one installation waits for another', async () => {
    const database = await side.started(3);
    const rival = await side.started(3);
    await side.ask('DROP TABLE cutover_flow.heartbeat_reverse, cutover_local.verification');
    const [one, two] = [database.control.install(), rival.control.install()];
    expect(await one.verify(soon())).toBe(false);
    await Promise.all([one.act(soon()), two.act(soon())]);
    expect([await one.verify(soon()), await two.verify(soon())]).toEqual([true, true]);
    await side.ask('DROP TABLE cutover_flow.heartbeat_reverse');
    const other = await side.session('root');
    await other.query(`SELECT GET_LOCK('cutover_local install', 0)`);
    const stop = new AbortController();
    const waiting = one.act(stop.signal);
    await rival.flow.engineClockMilliseconds(soon());
    expect(await one.verify(soon())).toBe(false);
    stop.abort(new Error('stopped'));
    expect((await failureOf(waiting)).message).toBe('stopped');
    expect(await one.verify(soon())).toBe(false);
    await other.end();
    expect(await perform(two)).toBe('applied');
    await Promise.all([database.close(), rival.close()]);
  });

  test('a state comes back as it was written, and only by the run whose epoch it carries', async () => {
    const database = await side.started(10);
    const row = state(10, {
      primary: 'target',
      direction: 'reverse',
      phase: 'opening',
      switchEpoch: 9,
      detail: { weightsBefore: { 'it\'s "here" \\ 🎈': { source: 255, target: 0 } }, nextPosition: 'bin.000003:1234' },
    });
    expect(await perform(database.control.writeState(row))).toBe('applied');
    expect(await database.control.readState(soon())).toEqual(row);
    expect(await perform(database.control.writeState(row))).toBe('already');
    expect((await failureOf(database.control.writeState(state(11)).act(soon()))).message).toContain(
      "is not this run's: it has adopted 10",
    );
    await database.close();
  });

  test('a decision stands once; the state goes with one that won, never with one that lost', async () => {
    const database = await side.started(20);
    const switching = state(20, { detail: { acceptedLoss: { lost: 'source' } } });
    await perform(database.control.writeState(switching));
    const opening = { ...switching, phase: 'opening', primary: 'target' } as const;
    expect(await perform(database.control.decide(20, 'forward', 'open', opening))).toBe('applied');
    expect(await perform(database.control.decide(20, 'forward', 'open', opening))).toBe('already');
    expect(await side.ask('SELECT accepted_loss FROM cutover_local.decision WHERE switch_epoch = 20')).toEqual([
      '{"lost":"source"}',
    ]);
    expect(await database.control.readState(soon())).toEqual(opening);
    const late = database.control.decide(20, 'forward', 'unwind', switching);
    await late.act(soon());
    expect(await late.verify(soon())).toBe(false);
    expect(await database.control.readDecision(20, soon())).toBe('open');

    expect(await perform(database.control.decide(21, 'forward', 'unwind', switching))).toBe('applied');
    const lost = database.control.decide(21, 'forward', 'open', state(20, { phase: 'steady', primary: 'target' }));
    await lost.act(soon());
    expect(await lost.verify(soon())).toBe(false);
    expect(await database.control.readState(soon())).toEqual(opening);
    await database.close();
  });

  test('decisions made at once end in one outcome', async () => {
    const database = await side.started(30);
    const rival = await side.connect();
    await rival.adopt(30, soon());
    for (let switchEpoch = 100; switchEpoch < 120; switchEpoch += 1) {
      const open = database.control.decide(switchEpoch, 'forward', 'open', state(30));
      const unwind = rival.control.decide(switchEpoch, 'forward', 'unwind', state(30));
      await Promise.all([open.act(soon()), unwind.act(soon())]);
      const stands = [await open.verify(soon()), await unwind.verify(soon())];
      expect(stands.filter(Boolean)).toHaveLength(1);
    }
    await Promise.all([database.close(), rival.close()]);
  });

  test('verifications and the journal’s head are kept', async () => {
    const database = await side.started(40);
    const result = {
      durationMilliseconds: 2,
      rows: 9_007_199_254_740_991,
      divergentRows: 1,
      unverifiedTables: ['a."b,c"'],
    };
    for (const finishedAtMilliseconds of [200, 100])
      expect(await perform(database.control.recordVerification({ ...result, finishedAtMilliseconds }))).toBe('applied');
    expect(await database.control.verifications(soon())).toEqual([
      { ...result, finishedAtMilliseconds: 100 },
      { ...result, finishedAtMilliseconds: 200 },
    ]);
    await database.control.writeJournalHead('run', 1, 'a'.repeat(64), soon());
    await database.control.writeJournalHead('run', 2, 'b'.repeat(64), soon());
    expect(await database.control.readJournalHead('run', soon())).toEqual({ records: 2, head: 'b'.repeat(64) });
    await database.close();
  });

  test('markers carry nonce and epoch, old ones are swept; a heartbeat is one row that counts', async () => {
    const database = await side.started(50);
    await perform(database.flow.writeMarker('reverse', `it's "one"`));
    await side.ask('UPDATE cutover_flow.marker_reverse SET written_at = written_at - INTERVAL 2 DAY');
    await perform(database.flow.writeMarker('reverse', 'two'));
    expect(await perform(database.flow.writeMarker('reverse', 'two'))).toBe('already');
    expect(await side.ask('SELECT CONCAT(nonce, epoch) FROM cutover_flow.marker_reverse')).toEqual(['two50']);
    expect(await database.flow.markerSeen('reverse', 'two', soon())).toBe(true);
    // As PostgreSQL tells nonces apart, and not as a collation without case would.
    expect(await database.flow.markerSeen('reverse', 'TWO', soon())).toBe(false);
    expect(await database.flow.markerSeen('forward', 'two', soon())).toBe(false);

    const before = await database.flow.engineClockMilliseconds(soon());
    expect(Math.abs(before - Date.now())).toBeLessThan(60_000);
    for (const direction of ['forward', 'forward', 'forward', 'reverse'] as const)
      await perform(database.flow.writeHeartbeat(direction));
    const beat = await database.flow.readHeartbeat('forward', soon());
    expect(beat?.sequence).toBe(3);
    expect(beat?.writtenAtMilliseconds).toBeGreaterThanOrEqual(before);
    expect((await database.flow.readHeartbeat('reverse', soon()))?.sequence).toBe(1);
    expect(await side.ask('SELECT COUNT(*) FROM cutover_flow.heartbeat_forward')).toEqual(['1']);
    await database.close();
  });

  test('what is asked of the one connection at once is done one after the other', async () => {
    const database = await side.started(60);
    await Promise.all([
      ...Array.from({ length: 10 }, (_, index) => perform(database.flow.writeMarker('forward', `at once ${index}`))),
      ...Array.from({ length: 10 }, (_, index) => database.control.writeJournalHead('at once', index, 'head', soon())),
    ]);
    expect(await database.control.readJournalHead('at once', soon())).toEqual({ records: 9, head: 'head' });
    expect(await side.ask(`SELECT COUNT(*) FROM cutover_flow.marker_forward WHERE nonce LIKE 'at once%'`)).toEqual([
      '10',
    ]);
    await database.close();
  });

  test('the newest thing that has arrived is told, with what brought it', async () => {
    const database = await side.started(70);
    await side.ask('DELETE FROM cutover_flow.marker_forward');
    await side.ask('DELETE FROM cutover_flow.heartbeat_forward');
    expect(await newest()).toBeUndefined();
    await side.ask(`INSERT INTO cutover_flow.marker_forward VALUES ('n', 1, '2026-01-01 00:00:01.5')`);
    expect(await newest()).toEqual({ by: 'marker', atMilliseconds: Date.parse('2026-01-01T00:00:01.500Z') });
    await side.ask(`CREATE DATABASE awsdms_control`);
    await side.ask(
      `CREATE TABLE awsdms_control.AWSDMS_STATUS (task_name varchar(128), source_timestamp_applied timestamp(6) NULL)`,
    );
    await side.ask(
      `INSERT INTO awsdms_control.AWSDMS_STATUS VALUES ('forward', '2026-01-01 00:00:02.25'), ('other', '2027-01-01')`,
    );
    expect(await newest()).toEqual({
      by: 'replicated transaction',
      atMilliseconds: Date.parse('2026-01-01T00:00:02.250Z'),
    });
    await side.ask('DROP DATABASE awsdms_control');
    await database.close();

    function newest(): ReturnType<Database['arrivals']['newest']> {
      return database.arrivals.newest('forward', soon());
    }
  });

  test('a replication that works is no quiet one; who only reads the log does not count', async () => {
    const database = await side.started(80);
    expect(await database.arrivals.quietSeconds(soon())).toBeGreaterThanOrEqual(0);
    const replication = await side.session('cutover_replication');
    const work = replication.query('SELECT SLEEP(30)').catch(() => undefined);
    while ((await database.arrivals.quietSeconds(soon())) !== undefined);
    await side.ask(`KILL QUERY ${replication.threadId}`);
    await work;
    while ((await database.arrivals.quietSeconds(soon())) === undefined);
    await database.close();
  });
});
