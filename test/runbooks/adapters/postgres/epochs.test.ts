import type { Database } from '../../../../runbooks/ports/database';
import type { Effect } from '../../../../runbooks/ports/effect';
import { StaleEpochError } from '../../../../runbooks/ports/failures';
import { failureOf, perform, soon, startTwoSides, type TwoSides } from './two-sides';

let sides: TwoSides;
beforeAll(async () => {
  sides = await startTwoSides(['source']);
});
afterAll(() => sides.close());
afterEach(() => sides.source.ask('UPDATE cutover_local.state SET epoch = 0'));

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
  database.sequences.advanceSequences(new Map([['billing.invoices_id_seq', '77']])),
  database.slots.createSlot('stale_slot'),
  database.slots.advanceSlot('stale_slot'),
  database.slots.dropSlot('stale_slot'),
  database.analyse(),
];

test('every effect of a run that was taken over is refused by the database itself, and changes nothing', async () => {
  const side = sides.source;
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

  function footprint() {
    return side.ask(`SELECT jsonb_build_array(
      (SELECT jsonb_agg(rolname || rolcanlogin ORDER BY rolname) FROM pg_roles),
      (SELECT count(*) FROM cutover_flow.marker_forward), (SELECT count(*) FROM cutover_local.decision),
      (SELECT count(*) FROM cutover_local.verification), (SELECT count(*) FROM cutover_local.journal_head),
      (SELECT count(*) FROM pg_replication_slots), (SELECT last_value FROM billing.invoices_id_seq))`);
  }
});

test('without an epoch nothing is changed', async () => {
  const database = await sides.source.connect();
  await perform(database.control.install());
  for (const effect of effectsOf(database, 0))
    expect((await failureOf(effect.act(soon()))).message).toMatch(/no epoch is adopted|is not this run's/);
  await database.close();
});

test('a plan has nothing to change a side with', async () => {
  const side = sides.source;
  const database = await side.connect({ mode: 'plan' });
  const all = [
    ...effectsOf(database, 0),
    database.control.install(),
    database.control.raiseEpoch(9),
    database.flow.writeHeartbeat('forward'),
    database.gate.proveWrite(side.engine),
  ];
  for (const effect of all) expect((await failureOf(effect.act(soon()))).message).toContain('a plan has none');
  await expect(database.adopt(1, soon())).rejects.toThrow('plan');
  await expect(database.control.writeJournalHead('run', 1, 'head', soon())).rejects.toThrow('plan');
  await database.control.readState(soon());
  expect(
    await side.ask(`SELECT DISTINCT application_name FROM pg_stat_activity WHERE usename = 'cutover_runbook'`),
  ).toEqual(['cutover-read:billing']);
  await database.close();
});

test('raising the epoch ends every session of lower ones, even one that holds the row, and no other', async () => {
  const side = sides.source;
  const manifest = structuredClone(sides.manifest);
  manifest.identity.migration = 'billing-archive';
  const neighbour = await side.started(1, { manifest });
  const stale = await side.started(6);
  const holder = await side.session('cutover_runbook');
  await holder.query(`SET application_name = 'cutover:billing:6:holder'`);
  await holder.query('BEGIN');
  await holder.query('SELECT FROM cutover_local.state FOR UPDATE');
  const bystander = await side.session('cutover_runbook');
  await bystander.query(`SET application_name = 'cutover:billing:x:6:'`);

  const next = await side.connect();
  await next.adopt(7, soon());
  expect(await perform(next.control.raiseEpoch(7))).toBe('applied');
  expect(await perform(next.control.raiseEpoch(7))).toBe('already');
  await failureOf(holder.query('COMMIT'));
  await bystander.query('SELECT 1');
  const failure = await failureOf(stale.flow.writeMarker('forward', 'late').act(soon()));
  expect(failure.message).toMatch(/is gone and is not opened again by itself|broke/);
  await expect(stale.flow.writeMarker('forward', 'late').act(soon())).rejects.toThrow('not opened again by itself');
  await perform(neighbour.flow.writeMarker('forward', 'neighbour'));
  expect((await next.control.readState(soon()))?.epoch).toBe(7);
  await Promise.all([bystander.end(), stale.close(), next.close(), neighbour.close()]);
});

test('an epoch below the standing one is never adopted, and says so', async () => {
  const side = sides.source;
  const first = await side.started(9);
  const late = await side.connect();
  await late.adopt(8, soon());
  const failure = await failureOf(perform(late.control.raiseEpoch(8)));
  expect(failure).toBeInstanceOf(StaleEpochError);
  await perform(first.flow.writeMarker('forward', 'still first'));
  await Promise.all([first.close(), late.close()]);
});

test('a long name keeps its epoch in the tag', async () => {
  const side = sides.source;
  const manifest = structuredClone(sides.manifest);
  manifest.identity.migration = 'a-migration-whose-name-is-much-longer-than-an-application-name-may-be';
  const stale = await side.started(123456, { manifest });
  const next = await side.started(123457, { manifest });
  await expect(stale.flow.writeMarker('forward', 'late').act(soon())).rejects.toThrow();
  await perform(next.flow.writeMarker('forward', 'not late'));
  await Promise.all([stale.close(), next.close()]);
});

test('an interruption cancels what waits in the server and leaves the connection for the undo', async () => {
  const side = sides.source;
  const database = await side.started(11);
  const blocker = await side.session('postgres');
  await blocker.query('BEGIN; LOCK TABLE billing.customers IN ACCESS EXCLUSIVE MODE');
  const interruption = new AbortController();
  const waiting = database.analyse().act(interruption.signal);
  await until(`SELECT FROM pg_stat_activity WHERE query LIKE 'ANALYZE%' AND wait_event_type = 'Lock'`);
  interruption.abort(new Error('interrupted'));
  expect((await failureOf(waiting)).message).toBe('interrupted');
  await perform(database.flow.writeMarker('forward', 'undo'));
  await blocker.end();
  await database.close();

  async function until(sql: string) {
    while ((await side.ask(`${sql.replace('SELECT FROM', 'SELECT 1 FROM')}`)).length === 0);
  }
});

test('a server that does not react to the interruption loses the connection, not the operator', async () => {
  const side = sides.source;
  const database = await side.started(12);
  const [pid] = await side.ask<number>(
    `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'cutover:billing:12:%'`,
  );
  process.kill(pid as number, 'SIGSTOP');
  const interruption = new AbortController();
  const waiting = database.flow.writeMarker('forward', 'frozen').act(interruption.signal);
  // Its statements are on their way by then.
  await new Promise(setImmediate);
  interruption.abort(new Error('interrupted'));
  expect((await failureOf(waiting)).message).toMatch(/broke/);
  process.kill(pid as number, 'SIGCONT');
  await expect(database.flow.writeMarker('forward', 'frozen').act(soon())).rejects.toThrow('not opened again');
  // Taking the epoch up again is a step of its own, and the only way back.
  await database.adopt(12, soon());
  await perform(database.flow.writeMarker('forward', 'thawed'));
  await database.close();
});
