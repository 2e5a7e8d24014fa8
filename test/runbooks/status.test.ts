import { check } from '../../runbooks/check';
import { switchRun } from '../../runbooks/procedure/migration-run';
import { readSituation } from '../../runbooks/procedure/read-situation';
import { status } from '../../runbooks/status';
import { Recorder } from './procedure/fakes';
import { SimulatedCloud } from './simulation/simulated-cloud';
import { operate, startedMigration } from './simulation/simulated-operator';

jest.mock('../../runbooks/proof', () => {
  const step = { title: 'verify', touches: '', act: async () => undefined };
  const gate = { title: 'proof', kind: 'safety', ask: async () => ({ answer: 'yes' }) };
  return {
    verifyQuietly: () => step,
    compareEveryRow: () => step,
    quietVerificationGate: () => gate,
    schemaGate: () => gate,
  };
});

const signal = new AbortController().signal;
const started = async () => {
  const cloud = new SimulatedCloud();
  await startedMigration(cloud);
  return cloud;
};
/** A world in which nobody reads a slot of the target. */
function withIdleSlot(cloud: SimulatedCloud) {
  const { world } = cloud.operator({});
  const idle = [{ name: 'way_back', active: false, confirmedPosition: '1', retention: 'reserved', retainedBytes: 1 }];
  Object.assign(world.sides.target.slots, { idle: async () => idle });
  return world;
}

describe('status', () => {
  it('says how to close a side that was opened beside the primary, its sessions too', async () => {
    const cloud = await started();
    cloud.target.unlocked = true;
    const { situation, byHand } = await status(cloud.operator({}).world, signal);
    expect(situation.kind).toBe('contradictory');
    expect(byHand).toMatchObject([
      { title: expect.stringMatching(/^on the target .*keep the application out/) as string },
    ]);
    expect(byHand[0]?.text).toMatch(/NOLOGIN[\s\S]*pg_terminate_backend/);
  });

  it('says nothing by hand where the sides do not agree on who is primary', async () => {
    const cloud = await started();
    cloud.target.unlocked = true;
    cloud.target.row = { ...cloud.target.row, primary: 'target' } as never;
    expect((await status(cloud.operator({}).world, signal)).byHand).toEqual([]);
  });

  it('never advises to drop a slot in the middle of a switch: the way back hangs on it', async () => {
    const cloud = await started();
    expect((await status(withIdleSlot(cloud), signal)).idleSlots).toHaveLength(1);
    const kinds = new Set<string>();
    for (let at = 20; at < 60; at += 4) {
      const dead = await started();
      await operate(dead, 'switch', { at });
      const { situation, idleSlots } = await status(withIdleSlot(dead), signal);
      kinds.add(situation.kind);
      if (situation.kind !== 'steady') expect(idleSlots).toEqual([]);
    }
    expect([...kinds]).toEqual(expect.arrayContaining(['switching', 'opening']));
  });
});

describe('check', () => {
  it('asks for the way back once the target serves, and names that verb', async () => {
    const cloud = await started();
    const next = async () => {
      const { world } = cloud.operator({});
      const situation = await readSituation(world, signal);
      return check(switchRun(world, new Recorder(), situation.direction, 99, situation), situation.kind).next;
    };
    expect(await next()).toBe('cutover switch');
    await operate(cloud, 'switch');
    expect(await next()).toBe('cutover roll-back');
  });
});
