import type { SideName } from '../../../definition/manifest/sections';
import type { Invocation } from '../../../cli/context';
import { acceptingLoss, lostBy } from '../../../cli/verbs/accepting-loss';
import { readSituation } from '../../../runbooks/procedure/read-situation';
import type { Verb } from '../../../cli/verb';
import { Recorder } from '../procedure/fakes';
import { SimulatedCloud } from './simulated-cloud';
import { operate, operateVerb, startedMigration } from './simulated-operator';

jest.mock('../../../runbooks/proof', () => {
  const step = { title: 'verify', touches: '', act: async () => undefined };
  const gate = { title: 'proof', kind: 'safety', ask: async () => ({ answer: 'yes' }) };
  return {
    verifyQuietly: () => step,
    compareEveryRow: () => step,
    quietVerificationGate: () => gate,
    schemaGate: () => gate,
  };
});

type Mover = 'switch' | 'roll-back';
const other = { source: 'target', target: 'source' } as const;

/** A migration whose primary is the side that the verb leads away from, with clients that write. */
async function servedBy(primary: SideName): Promise<SimulatedCloud> {
  const cloud = new SimulatedCloud();
  await startedMigration(cloud);
  if (primary === 'target') await operate(cloud, 'switch');
  for (let tick = 0; tick < 5; tick += 1) cloud.tick();
  return cloud;
}

const invocationOf = (reporter: Recorder, acceptLoss: string | true, typed?: string) =>
  ({
    migration: 'app',
    options: { environment: 'simulation', execute: true, acceptLoss },
    reporter,
    interrupt: new AbortController().signal,
    wiring: { operator: { name: 'ada', isInteractive: typed !== undefined, ask: async () => typed ?? '' } },
  }) as unknown as Invocation;

/** What the command line does before it executes: the plan shows the interval, which is then typed. */
async function agreed(cloud: SimulatedCloud, mover: Mover): Promise<{ verb: Verb; interval: string }> {
  const { world } = cloud.operator();
  const verb = acceptingLoss(mover, lostBy(mover) as SideName);
  const recorder = new Recorder();
  const situation = await readSituation(world, new AbortController().signal);
  const shown = invocationOf(recorder, true);
  await verb.look?.(world, situation, shown);
  const interval = / --accept-loss (\S+)/.exec(verb.arguments?.() ?? '')?.[1] ?? '';
  await verb.agree?.(world, situation, invocationOf(recorder, interval || true));
  return { verb, interval };
}

/** What nobody will ever see again lies in the interval that was accepted, and the rest is served. */
function expectServing(cloud: SimulatedCloud, primary: SideName, interval: string): void {
  const side = cloud.side(primary);
  expect([side.unlocked, side.row?.phase, side.row?.primary]).toEqual([true, 'finalized', primary]);
  const [from, until] = interval.split('/').map((each) => Date.parse(each)) as [number, number];
  for (const { at, side: where } of cloud.missing(primary)) {
    expect(where).toBe(other[primary]);
    expect(at).toBeGreaterThanOrEqual(from);
    expect(at).toBeLessThanOrEqual(until);
  }
  for (const [name, weights] of cloud.weights) {
    expect([name, weights[other[primary]]]).toEqual([name, 0]);
    expect(cloud.parameters.get(name)).toEqual(weights);
  }
  expect(Object.values(cloud.tasks).filter(({ running }) => running)).toEqual([]);
}

describe.each([
  ['switch', 'source'],
  ['roll-back', 'target'],
] as const)('%s --accept-loss, when the %s is dead', (mover, lost) => {
  const survivor = other[lost];

  it('opens the other side, and what is lost lies within the interval that was typed', async () => {
    const cloud = await servedBy(lost);
    cloud.side(lost).gone = true;
    const { verb, interval } = await agreed(cloud, mover);
    const { result } = await operateVerb(cloud, verb);
    expect(result).toMatchObject({ outcome: 'done', situation: { kind: 'finalized', primary: survivor } });
    expect(cloud.missing(survivor).length).toBeGreaterThan(0);
    expectServing(cloud, survivor, interval);
    expect(cloud.records.join()).toContain(`accepted: what the ${lost} committed in ${interval}`);
    const [decision] = [...cloud.side(survivor).decisions].slice(-1);
    expect(decision).toEqual([cloud.side(survivor).row?.switchEpoch, 'open']);
  });

  it('survives the death of its operator at every boundary', async () => {
    const whole = await servedBy(lost);
    whole.side(lost).gone = true;
    const { boundaries } = await operateVerb(whole, (await agreed(whole, mover)).verb);
    for (let at = 0; at < boundaries; at += 1) {
      const cloud = await servedBy(lost);
      cloud.side(lost).gone = true;
      const first = await agreed(cloud, mover);
      expect((await operateVerb(cloud, first.verb, { at })).result).toBe('died');
      const again = await operateVerb(cloud, (await agreed(cloud, mover).catch(() => first)).verb);
      expect([at, again.result]).toMatchObject([at, { outcome: 'done' }]);
      expectServing(cloud, survivor, first.interval);
    }
  });

  it('never takes the old primary as primary again: it is a contradiction while it is open, and no way leads back', async () => {
    const cloud = await servedBy(lost);
    cloud.side(lost).gone = true;
    await operateVerb(cloud, (await agreed(cloud, mover)).verb);
    cloud.side(lost).gone = false;
    for (const verb of ['switch', 'roll-back', 'start', 'resume'] as const) {
      const { result } = await operate(cloud, verb);
      expect([verb, result]).toMatchObject([
        verb,
        { outcome: 'partial', situation: { kind: 'contradictory', primary: survivor } },
      ]);
    }
    cloud.side(lost).unlocked = false;
    for (const verb of ['switch', 'roll-back', 'start'] as const) {
      const { result } = await operate(cloud, verb);
      expect([verb, result]).toMatchObject([verb, { outcome: 'refused', situation: { primary: survivor } }]);
    }
  });

  it('is refused while the primary answers', async () => {
    const cloud = await servedBy(lost);
    const { result } = await operateVerb(cloud, acceptingLoss(mover, lost));
    expect(result).toMatchObject({ outcome: 'refused', error: { reasons: [{ code: 'primary-answers' }] } });
  });

  it('is refused when the primary comes back before the decision', async () => {
    const cloud = await servedBy(lost);
    cloud.side(lost).gone = true;
    const { verb } = await agreed(cloud, mover);
    const isStopped = () => Object.values(cloud.tasks).every(({ running }) => !running);
    Object.defineProperty(cloud.side(lost), 'gone', { get: () => !isStopped() });
    const { result } = await operateVerb(cloud, verb);
    expect(result).toMatchObject({ outcome: 'refused', error: { reasons: [{ code: 'primary-answers' }] } });
    expect(cloud.side(survivor).unlocked).toBe(false);
    expect(cloud.side(survivor).decisions.get(cloud.lock.epoch)).toBeUndefined();
  });

  it('asks for the interval: another one, and none without a terminal, are refused with the right command', async () => {
    const cloud = await servedBy(lost);
    cloud.side(lost).gone = true;
    const { world } = cloud.operator();
    const situation = await readSituation(world, new AbortController().signal);
    const verb = acceptingLoss(mover, lost);
    const recorder = new Recorder();
    await verb.look?.(world, situation, invocationOf(recorder, true));
    const next = `cutover ${mover} app --environment simulation --execute${verb.arguments?.() ?? ''}`;
    await expect(verb.agree?.(world, situation, invocationOf(recorder, true))).rejects.toMatchObject({
      code: 'loss-not-typed',
      next,
    });
    for (const wrong of ['1970-01-01T00:00:00Z/1970-01-01T00:00:01Z', 'yes'])
      await expect(verb.agree?.(world, situation, invocationOf(recorder, wrong))).rejects.toMatchObject({
        code: 'wrong-interval',
        next,
      });
    expect(await verb.agree?.(world, situation, invocationOf(recorder, true, 'no'))).toBe(false);
    const shown = / --accept-loss (\S+)/.exec(next)?.[1];
    expect(await verb.agree?.(world, situation, invocationOf(recorder, true, `${shown}\n`))).toBe(true);
  });
});

describe('a side that dies in the middle of a switch', () => {
  it('is brought to a good end by the other one, wherever the switch stood, and nothing is lost beyond what is accepted', async () => {
    const { boundaries } = await operate(await servedBy('source'), 'switch');
    let lossless = 0;
    for (let at = 0; at < boundaries; at += 1)
      for (const lost of ['source', 'target'] as const) {
        const cloud = await servedBy('source');
        await operate(cloud, 'switch', { at });
        cloud.side(lost).gone = true;
        const survivor = other[lost];
        const serving = cloud.side(survivor).unlocked;
        const mover = lost === 'source' ? 'switch' : 'roll-back';
        const attempt = await agreed(cloud, mover).catch((error: unknown) => error as Error);
        if (attempt instanceof Error) {
          // Only where the survivor serves already.
          expect([at, lost, serving, attempt.name]).toEqual([at, lost, true, 'GateRefusal']);
          continue;
        }
        const { result } = await operateVerb(cloud, attempt.verb);
        expect([at, lost, result]).toMatchObject([at, lost, { outcome: 'done' }]);
        if (attempt.interval === '') {
          lossless += 1;
          expect(cloud.missing(survivor)).toEqual([]);
        } else expectServing(cloud, survivor, attempt.interval);
      }
    expect(lossless).toBeGreaterThan(0);
  });
});
