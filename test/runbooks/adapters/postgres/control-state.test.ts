import type { StateRow } from '../../../../runbooks/ports/control-state';
import { failureOf, perform, soon, startTwoSides, type TwoSides } from './two-sides';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides(['source']);
});
afterAll(() => sides.close());

const state = (epoch: number, more: Partial<StateRow> = {}): StateRow => ({
  epoch,
  primary: 'source',
  direction: 'forward',
  phase: 'switching',
  switchEpoch: epoch,
  detail: {},
  ...more,
});

test('before the control schema stands, everything that reads it says so plainly', async () => {
  await sides.source.createDatabase('fresh');
  const manifest = structuredClone(sides.manifest);
  manifest.databases.source.database = 'fresh';
  const database = await sides.source.connect({ manifest });
  expect(await database.control.readState(soon())).toBeUndefined();
  expect(await database.control.readDecision(1, soon())).toBeUndefined();
  expect(await database.control.readJournalHead('run', soon())).toBeUndefined();
  expect(await database.control.verifications(soon())).toEqual([]);
  expect(await database.flow.readHeartbeat('forward', soon())).toBeUndefined();
  expect(await database.flow.markerSeen('forward', 'nonce', soon())).toBe(false);
  expect((await database.gate.read(soon())).fencedAccounts).toEqual([]);
  await database.adopt(1, soon());
  expect(await failureOf(perform(database.control.raiseEpoch(1)))).toMatchObject({
    code: 'not-started',
    next: 'cutover start billing',
  });
  await expect(database.flow.writeMarker('forward', 'n').act(soon())).rejects.toThrow();
  await database.close();
});

test('installing again keeps the state, and grants what a new account needs', async () => {
  const side = sides.source;
  const database = await side.started(3);
  expect(await perform(database.control.install())).toBe('already');
  await side.ask('REVOKE INSERT ON cutover_local.write_proof FROM billing_worker');
  await side.ask('REVOKE TRUNCATE ON cutover_flow.marker_reverse FROM cutover_replication');
  expect(await perform(database.control.install())).toBe('applied');
  expect((await database.control.readState(soon()))?.epoch).toBe(3);
  const replication = await side.session('cutover_replication');
  await replication.query('TRUNCATE cutover_flow.marker_reverse');
  await expect(replication.query('SELECT FROM cutover_local.state')).rejects.toThrow('permission denied');
  const app = await side.session('billing_app');
  await app.query(`INSERT INTO cutover_local.write_proof (nonce) VALUES ('by hand')`);
  for (const table of ['state', 'decision', 'fenced_account', 'journal_head', 'verification', 'write_proof'])
    await expect(app.query(`SELECT FROM cutover_local.${table} FOR UPDATE`)).rejects.toThrow('permission denied');
  await expect(app.query('SELECT FROM cutover_flow.marker_forward')).rejects.toThrow('permission denied');
  await Promise.all([replication.end(), app.end(), database.close()]);
});

test('a state comes back as it was written, and only by the run whose epoch it carries', async () => {
  const database = await sides.source.started(4);
  expect(await database.control.readState(soon())).toEqual({ ...state(4, { phase: 'starting' }), switchEpoch: 0 });
  const full = state(4, {
    detail: {
      weightsBefore: { 'a"b.example.internal': { source: 255, target: 0 } },
      nextPosition: '0/16B3748',
      openedAtMilliseconds: 1_790_000_000_123,
      rollbackReadyAtMilliseconds: undefined,
    },
  });
  expect(await perform(database.control.writeState(full))).toBe('applied');
  expect(await perform(database.control.writeState(full))).toBe('already');
  expect(await database.control.readState(soon())).toEqual(JSON.parse(JSON.stringify(full)));
  await expect(database.control.writeState(state(5)).act(soon())).rejects.toThrow("is not this run's");
  await database.close();
});

test('of two decisions one stands, whoever comes first, and the loser sees it', async () => {
  const side = sides.source;
  const database = await side.started(20);
  await perform(database.control.writeState(state(20)));
  const opening = state(20, { primary: 'target', phase: 'opening' });
  expect(await perform(database.control.decide(20, 'forward', 'open', opening))).toBe('applied');
  expect(await perform(database.control.decide(20, 'forward', 'open', opening))).toBe('already');
  expect(await database.control.readState(soon())).toEqual(opening);
  const unwind = database.control.decide(20, 'forward', 'unwind', state(20));
  await unwind.act(soon());
  expect(await unwind.verify(soon())).toBe(false);
  expect(await database.control.readDecision(20, soon())).toBe('open');

  expect(await perform(database.control.decide(21, 'forward', 'unwind', state(20)))).toBe('applied');
  const late = database.control.decide(
    21,
    'forward',
    'open',
    state(20, { primary: 'target', detail: { nextPosition: 'late' } }),
  );
  await late.act(soon());
  expect(await late.verify(soon())).toBe(false);
  // The state goes with a decision that won, never with one that lost.
  expect(await database.control.readState(soon())).toEqual(opening);
  await database.close();
});

test('decisions made at once end in one outcome', async () => {
  const database = await sides.source.started(30);
  const rival = await sides.source.connect();
  await rival.adopt(30, soon());
  for (let switchEpoch = 100; switchEpoch < 110; switchEpoch += 1) {
    const open = database.control.decide(switchEpoch, 'forward', 'open', state(30));
    const unwind = rival.control.decide(switchEpoch, 'forward', 'unwind', state(30));
    await Promise.all([open.act(soon()), unwind.act(soon())]);
    const stands = [await open.verify(soon()), await unwind.verify(soon())];
    expect(stands.filter(Boolean)).toHaveLength(1);
  }
  await Promise.all([database.close(), rival.close()]);
});

test('verifications and the journal’s head are kept', async () => {
  const database = await sides.source.started(40);
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
  const side = sides.source;
  const database = await side.started(50);
  await perform(database.flow.writeMarker('reverse', `it's "one"`));
  await side.ask(`UPDATE cutover_flow.marker_reverse SET written_at = now() - interval '2 days'`);
  await perform(database.flow.writeMarker('reverse', 'two'));
  expect(await perform(database.flow.writeMarker('reverse', 'two'))).toBe('already');
  expect(await side.ask('SELECT nonce || epoch FROM cutover_flow.marker_reverse')).toEqual(['two50']);
  expect(await database.flow.markerSeen('reverse', 'two', soon())).toBe(true);
  expect(await database.flow.markerSeen('forward', 'two', soon())).toBe(false);

  const before = await database.flow.engineClockMilliseconds(soon());
  for (const direction of ['forward', 'forward', 'forward', 'reverse'] as const)
    await perform(database.flow.writeHeartbeat(direction));
  const beat = await database.flow.readHeartbeat('forward', soon());
  expect(beat?.sequence).toBe(3);
  expect(beat?.writtenAtMilliseconds).toBeGreaterThanOrEqual(before);
  expect((await database.flow.readHeartbeat('reverse', soon()))?.sequence).toBe(1);
  expect(await side.ask<string>('SELECT count(*) FROM cutover_flow.heartbeat_forward')).toEqual(['1']);
  await database.close();
});

test('what is asked of the one connection at once is done one after the other', async () => {
  const database = await sides.source.started(60);
  await Promise.all([
    ...Array.from({ length: 10 }, (_, index) => perform(database.flow.writeMarker('forward', `at once ${index}`))),
    ...Array.from({ length: 10 }, (_, index) => database.control.writeJournalHead('at once', index, 'head', soon())),
  ]);
  expect(await database.control.readJournalHead('at once', soon())).toEqual({ records: 9, head: 'head' });
  const written = `SELECT count(*) FROM cutover_flow.marker_forward WHERE nonce LIKE 'at once%'`;
  expect(await sides.source.ask(written)).toEqual(['10']);
  await database.close();
});
