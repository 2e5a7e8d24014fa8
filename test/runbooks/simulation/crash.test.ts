import type { SideName } from '../../../definition/manifest/sections';
import { deriveSituation } from '../../../runbooks/procedure/situation';
import { SimulatedCloud } from './simulated-cloud';
import { operate, startedMigration, type VerbName } from './simulated-operator';

// Rows are not compared by SQL here: `faults` compares what clients were told with what stands on the primary.
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

const situationOf = (cloud: SimulatedCloud) => {
  const switchEpoch = Math.max(cloud.source.row?.switchEpoch ?? 0, cloud.target.row?.switchEpoch ?? 0);
  const facts = (side: SideName) => ({
    row: cloud.side(side).row,
    decision: cloud.side(side).decisions.get(switchEpoch),
    gate: { unlockedAccounts: cloud.side(side).unlocked ? ['app'] : [], fencedAccounts: [], missingAccounts: [] },
  });
  return deriveSituation({ source: facts('source'), target: facts('target') });
};

/** At rest: one side serves, all is told alike, nothing is lost. */
function expectAtRest(cloud: SimulatedCloud): SideName {
  const situation = situationOf(cloud);
  expect(situation.contradictions).toEqual([]);
  expect(situation.kind).toBe('steady');
  expect(situation.writesAccepted).toBe(situation.primary);
  const other = situation.primary === 'source' ? 'target' : 'source';
  for (const [name, weights] of cloud.weights) {
    expect(cloud.parameters.get(name)).toEqual(weights);
    if (name.startsWith('write')) expect(weights[other]).toBe(0);
  }
  expect(cloud.faults(situation.primary)).toEqual([]);
  return situation.primary;
}

/** The way to where a verb is run from. */
const before: Record<'switch' | 'roll-back', VerbName[]> = { switch: [], 'roll-back': ['switch'] };

async function migrationBefore(verb: 'switch' | 'roll-back'): Promise<SimulatedCloud> {
  const cloud = new SimulatedCloud();
  await startedMigration(cloud);
  for (const earlier of before[verb]) {
    const { result } = await operate(cloud, earlier);
    if (result === 'died' || result.outcome !== 'done') throw new Error(`${earlier}: ${JSON.stringify(result)}`);
  }
  return cloud;
}

const boundariesOf = async (verb: 'switch' | 'roll-back') =>
  (await operate(await migrationBefore(verb), verb)).boundaries;

describe('a simulated migration', () => {
  it('goes forward, back and forward, and loses nothing', async () => {
    const cloud = new SimulatedCloud();
    await startedMigration(cloud);
    for (const [verb, primary] of [
      ['switch', 'target'],
      ['roll-back', 'source'],
      ['switch', 'target'],
    ] as const) {
      const { result, recorder } = await operate(cloud, verb);
      expect([result, recorder.events.filter((event) => event.type === 'message')]).toMatchObject([
        { outcome: 'done' },
        {},
      ]);
      expect(expectAtRest(cloud)).toBe(primary);
    }
    expect(cloud.acknowledged.some(({ side }) => side === 'target')).toBe(true);
  });

  it.each(['switch', 'roll-back'] as const)(
    'survives the death of the operator at every boundary of %s: resume and abort bring it to rest',
    async (verb) => {
      const boundaries = await boundariesOf(verb);
      expect(boundaries).toBeGreaterThan(30);
      for (let at = 0; at < boundaries; at += 1)
        for (const recovery of ['resume', 'abort'] as const) {
          const cloud = await migrationBefore(verb);
          const { result } = await operate(cloud, verb, { at });
          expect(result).toBe('died');
          const recovered = await operate(cloud, recovery);
          expect([at, recovery, recovered.result]).toMatchObject([
            at,
            recovery,
            { outcome: expect.stringMatching(/done|unwound/) as string },
          ]);
          expectAtRest(cloud);
        }
    },
  );

  it.each(['switch', 'roll-back'] as const)('survives a second death inside the recovery of %s', async (verb) => {
    const boundaries = await boundariesOf(verb);
    for (let first = 0; first < boundaries; first += 1)
      for (let second = first % 3; second < 30; second += 3) {
        const cloud = await migrationBefore(verb);
        await operate(cloud, verb, { at: first });
        await operate(cloud, second % 2 === 0 ? 'resume' : 'abort', { at: second });
        const last = await operate(cloud, 'resume');
        expect([first, second, last.result]).toMatchObject([
          first,
          second,
          { outcome: expect.stringMatching(/done|unwound/) as string },
        ]);
        expectAtRest(cloud);
      }
  });

  it('goes on to serve after every recovery: the next switch and the way back work', async () => {
    const boundaries = await boundariesOf('switch');
    for (let at = 0; at < boundaries; at += 2) {
      const cloud = await migrationBefore('switch');
      await operate(cloud, 'switch', { at });
      await operate(cloud, 'resume');
      const primary = expectAtRest(cloud);
      const { result } = await operate(cloud, primary === 'source' ? 'switch' : 'roll-back');
      expect([at, result]).toMatchObject([at, { outcome: 'done' }]);
      expect(expectAtRest(cloud)).not.toBe(primary);
    }
  });
});
