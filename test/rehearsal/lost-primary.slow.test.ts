import { Client } from 'pg';
import { rehearsalEnvironmentName } from '../../rehearsal/local-place';
import { startWorld, type RehearsalWorld } from '../../rehearsal/world';
import { openSide } from '../crash/open-side';
import { errorsOf, lastWordsOf, refusesTogether } from './refusals/refusal';
import { Stage } from './refusals/stage';
import { quickPace, quickTimes, tinyScenario } from './small-rehearsal';
import { postgresOf } from '../../rehearsal/engines/any-engine';

/** One small migration: its source dies for good, is given up, and comes back. */
let world: RehearsalWorld;
let stage: Stage;

const times = { ...quickTimes, timing: { ...quickTimes.timing, drainTimeoutSeconds: 2 } };

/** Few clients: they are here to lose something. */
const calmScenario = () => {
  const scenario = tinyScenario();
  return { ...scenario, workload: { ...scenario.workload, clients: 4, writesPerSecond: 20 } };
};

beforeAll(async () => {
  world = await startWorld({ scenario: calmScenario(), pace: quickPace, times });
  stage = await Stage.on(world);
  expect((await world.operator.execute('start')).exitCode).toBe(0);
  expect((await world.operator.run('watch', '--execute', '--for', '1')).exitCode).toBe(0);
});
afterAll(async () => {
  await stage?.close();
  await world?.close();
});

const command = (verb: string, rest = '') => `cutover ${verb} tiny --environment ${rehearsalEnvironmentName}${rest}`;
const servedByTarget = { primary: 'target', writesAccepted: 'target' };

async function on<T extends object>(side: 'source' | 'target', sql: string): Promise<T[]> {
  const client = new Client({ ...postgresOf(world.engines[side]).superuser, database: world.scenario.database });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const highestKey = async (side: 'source' | 'target') =>
  Number((await on<{ key: string }>(side, 'SELECT max(id)::text AS key FROM public.visits'))[0]?.key);

refusesTogether(
  'a check of a migration that nobody has looked after',
  () => stage,
  ['check'],
  [
    {
      title: 'the log that a slot needs is taken away',
      provoke: async () => {
        await stage.sql('source', `SELECT pg_create_logical_replication_slot('left_behind', 'test_decoding')`);
        await stage.sql('source', `ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'`);
        await stage.sql('source', 'SELECT pg_reload_conf()');
        for (let segment = 0; segment < 4; segment += 1) {
          await stage.sql('source', `SELECT pg_logical_emit_message(true, 'test', 'a record in this segment')`);
          await stage.sql('source', 'SELECT pg_switch_wal()');
        }
        await stage.sql('source', 'CHECKPOINT');
      },
      undo: () => stage.sql('source', `SELECT pg_drop_replication_slot('left_behind')`),
      code: 'slot-losing-log',
      says: /on the source .*slot left_behind is (unreserved|lost) with [\d.]+ MiB behind it.*; allowed is reserved or extended/,
      setting: 'max_slot_wal_keep_size',
      next: /^cutover status$/,
    },
    {
      title: 'the task was stopped',
      provoke: () => stage.stopTask('arn:aws:dms:eu-central-1:000000000000:task:CUTOVERLOAD'),
      code: 'task-not-running',
      says: /no forward replication task is running: \S*load\S* is (stopped|failed)/,
      setting: 'replication.forward',
      next: /^aws dms describe-replication-tasks/,
    },
    {
      title: 'nothing was ever verified',
      provoke: async () => undefined,
      code: 'never-verified',
      says: /no full verification stands on record/,
      setting: 'gates.maxVerificationAgeSeconds',
      next: /^cutover verify --execute$/,
    },
  ],
);

describe('a primary that is dead for good', () => {
  let interval: string;

  beforeAll(() => world.startWorkload());

  it('is not given up while it answers, whatever is typed', async () => {
    const run = await world.operator.execute('switch', '--accept-loss', '2026-01-01T00:00:00Z/2026-01-01T00:00:01Z');
    expect(errorsOf(run)).toEqual([expect.objectContaining({ code: 'primary-answers' })]);
    expect(lastWordsOf(run)).toMatchObject({ exitCode: 3, primary: 'source', writesAccepted: 'source' });
  });

  it('cannot be passed over by a verb that does not say so, and the failure names every side that does not answer', async () => {
    await world.engines.source.kill();
    const run = await world.operator.execute('switch');
    expect(errorsOf(run)).toEqual([
      expect.objectContaining({
        code: 'database-unreachable',
        text: expect.stringMatching(/source database at/) as string,
      }),
    ]);
    expect(run.exitCode).toBe(2);
  });

  it('has a plan that shows the interval, what cannot be checked, and the whole command', async () => {
    const run = await world.operator.run('switch', '--accept-loss');
    const { next } = lastWordsOf(run) as { next: string };
    expect(next).toMatch(
      RegExp(
        `^${command('switch')} --execute --accept-loss \\d{4}-\\d\\d-\\d\\dT[\\d:]+Z/\\d{4}-\\d\\d-\\d\\dT[\\d:]+Z$`,
      ),
    );
    interval = next.split(' ').at(-1) as string;
    const [from, until] = interval.split('/').map((each) => Date.parse(each)) as [number, number];
    expect(Date.now() - from).toBeLessThan(120_000);
    expect(until).toBeGreaterThanOrEqual(from);
    expect(run.events.filter((event) => event['answer'] === 'cannot check').length).toBeGreaterThan(4);
    expect(lastWordsOf(run)).toMatchObject({ exitCode: 0, primary: 'source', writesAccepted: 'nowhere' });
  });

  it('is not given up for another interval, nor for none where nobody can be asked', async () => {
    for (const [typed, code] of [
      [['--accept-loss', interval.replace(/^\d{4}/, '2000')], 'wrong-interval'],
      [['--accept-loss'], 'loss-not-typed'],
    ] as const) {
      const run = await world.operator.execute('switch', ...typed);
      expect(errorsOf(run)).toEqual([
        expect.objectContaining({ code, text: expect.stringContaining('may be lost') as string }),
      ]);
      expect(lastWordsOf(run)).toMatchObject({ exitCode: 2, primary: 'source', writesAccepted: 'nowhere' });
      expect(lastWordsOf(run)?.['next']).toMatch(/--execute --confirm rehearsal --accept-loss \S+\/\S+$/);
    }
    expect(await on('target', `SELECT FROM cutover_local.decision`)).toEqual([]);
  });

  it('is given up for the interval that was typed: the other side serves', async () => {
    const run = await world.operator.execute('switch', '--accept-loss', interval);
    expect([run.exitCode, errorsOf(run), lastWordsOf(run)]).toMatchObject([0, [], servedByTarget]);
    const decisions = await on<{ outcome: string; loss: { lost: string } }>(
      'target',
      'SELECT outcome, accepted_loss AS loss FROM cutover_local.decision',
    );
    expect(decisions).toMatchObject([{ outcome: 'open', loss: { lost: 'source', interval: {} } }]);
    expect(await on('target', 'SELECT slot_name FROM pg_replication_slots')).toEqual([]);
    const again = await world.operator.execute('switch', '--accept-loss', interval);
    expect([again.exitCode, lastWordsOf(again)]).toMatchObject([0, servedByTarget]);
  });

  it('is never primary again once it is back: it is told to be closed, then no way leads to it', async () => {
    await world.engines.source.restart();
    const found = await world.operator.run('status');
    expect([found.exitCode, lastWordsOf(found)?.['primary']]).toEqual([6, 'target']);
    expect(errorsOf(found)).toEqual([
      expect.objectContaining({ text: expect.stringMatching(/source was given up .* is back: .*tiny_app/) as string }),
    ]);
    const [byHand] = found.events.filter((event) => event['type'] === 'by-hand');
    expect(byHand?.['title']).toMatch(/^on the source .*keep the application out/);
    for (const statement of String(byHand?.['text']).split('\n')) await on('source', statement);
    expect(await openSide(world)).toBe('target');
    // No key that the source has ever given out can be given out again.
    const [next] = await on<{ next: string }>('target', `SELECT nextval('public.visits_id_seq')::text AS next`);
    expect(Number(next?.next)).toBeGreaterThan((await highestKey('source')) + 50_000);

    const status = await world.operator.run('status');
    expect([status.exitCode, lastWordsOf(status)]).toMatchObject([0, servedByTarget]);
    // Its replication will never read on: the slot would keep the log until the disk is full.
    const idle = status.events.find((event) => event['code'] === 'slot-idle');
    expect(idle?.['text']).toMatch(/^slot \S+ on the source is read by nobody and keeps [\d.]+ MiB of log/);
    for (const verb of ['roll-back', 'switch', 'check']) {
      const run = await (verb === 'check' ? world.operator.run(verb) : world.operator.execute(verb));
      expect(errorsOf(run)).toEqual([
        expect.objectContaining({
          code: 'wrong-situation',
          text: expect.stringMatching(/given up with an accepted loss; a fresh start/) as string,
        }),
      ]);
      expect(run.exitCode).toBe(3);
    }
  });
});
