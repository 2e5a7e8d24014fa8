import { deriveSituation } from '../../../runbooks/procedure/situation';
import { SimulatedCloud } from './simulated-cloud';
import { operate, startedMigration } from './simulated-operator';

/** What a person does while the proof under the fence is made. */
const mockByHand = { act: (): void => undefined };

jest.mock('../../../runbooks/proof', () => {
  const step = { title: 'verify', touches: '', act: async () => mockByHand.act() };
  const gate = { title: 'proof', kind: 'safety', ask: async () => ({ answer: 'yes' }) };
  return {
    verifyQuietly: () => step,
    compareEveryRow: () => step,
    quietVerificationGate: () => gate,
    schemaGate: () => gate,
  };
});

describe('a switch whose fence somebody opens by hand in the pause', () => {
  it('is not decided: it unwinds, and the source serves as before', async () => {
    const cloud = new SimulatedCloud();
    await startedMigration(cloud);
    mockByHand.act = () => void (cloud.source.unlocked = true);
    const { result } = await operate(cloud, 'switch');
    expect(result).toMatchObject({ outcome: 'unwound' });
    expect([...cloud.target.decisions.values()]).toEqual(['unwind']);
    const gate = (unlocked: boolean) => ({
      unlockedAccounts: unlocked ? ['app'] : [],
      fencedAccounts: [],
      missingAccounts: [],
    });
    expect(
      deriveSituation({
        source: { row: cloud.source.row, gate: gate(cloud.source.unlocked) },
        target: { row: cloud.target.row, gate: gate(cloud.target.unlocked) },
      }),
    ).toMatchObject({ kind: 'steady', primary: 'source', writesAccepted: 'source' });
    expect(cloud.faults('source')).toEqual([]);
  });
});
