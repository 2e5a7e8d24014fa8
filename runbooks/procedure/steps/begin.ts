import type { Weights } from '../../ports/routing';
import { wordsOf } from '../engine-words/words-of';
import { timed } from '../measured-pause';
import { rowOf, type SwitchRun } from '../migration-run';
import type { Step } from '../step';

/** Says on both sides that a switch is under way, and remembers what an undo must restore. */
export const beginSwitch = (run: SwitchRun): Step => {
  const { world, from, to, notes } = run;
  return {
    title: 'Note on both sides that a switch is under way',
    touches: 'cutover_local.state on both sides',
    undoEnds: true,
    act: async (perform, signal) => {
      const before: Record<string, Weights> = {};
      const asked = world.clock.nowMilliseconds();
      const routes = await world.routing.read(signal);
      notes.routeReadMilliseconds = world.clock.nowMilliseconds() - asked;
      const ttls = routes.flatMap(({ record, ttlSeconds }) => (record.kind === 'write' ? [ttlSeconds ?? 0] : []));
      notes.ttlSeconds = Math.max(0, ...ttls);
      for (const route of routes) if (route.weights) before[route.record.name] = route.weights;
      notes.weightsBefore = before;
      await noteLoadSlots(run, signal);
      for (const side of [to, from])
        await timed(run, () => perform(side.control.writeState(rowOf(run, 'switching', from.side))));
    },
    undo: async (perform) => {
      await perform(to.control.writeState(rowOf(run, 'steady', from.side)));
      await perform(from.control.writeState(rowOf(run, 'steady', from.side)));
    },
  };
};

/**
 * DMS names the slot of a task that loads by itself, and leaves it when the task stops. Which one it is can be seen only
 * while that task reads it.
 */
async function noteLoadSlots({ world, from, direction, notes }: SwitchRun, signal: AbortSignal): Promise<void> {
  if (direction !== 'forward' || (await world.tasks.load.read(signal)).status !== 'running') return;
  const { forwardSlot, reverseSlot } = world.manifest.replication;
  const inUse = await from.slots.inUse(signal);
  notes.loadSlots = inUse.filter((name) => name !== forwardSlot && name !== reverseSlot);
}

/** The writers that DNS does not move: paused before the fence, resumed wherever writes are accepted afterwards. */
export const pauseWriters = ({ world, from }: SwitchRun): Step => ({
  title: 'Pause the writers that DNS does not move',
  touches: world.writers.map((writer) => writer.name).join(', ') || 'none declared',
  act: async (perform) => {
    for (const writer of world.writers) await perform(writer.pause());
  },
  undo: async (perform) => {
    for (const writer of world.writers) await perform(writer.resume(from.side));
  },
});

/** Before the fence, since a new slot waits for old transactions. */
export const createReturnSlot = ({ world, to, returnSlot }: SwitchRun): Step => ({
  title: `${wordsOf(world.manifest, to.side).create} for the way back on the ${to.side}`,
  touches: wordsOf(world.manifest, to.side).position(returnSlot),
  act: (perform) => perform(to.slots.createSlot(returnSlot)),
  undo: (perform) => perform(to.slots.dropSlot(returnSlot)),
});
