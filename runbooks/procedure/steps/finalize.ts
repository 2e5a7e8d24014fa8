import { wordsOf } from '../engine-words/words-of';
import { rowOf, tasksOf, type SwitchRun } from '../migration-run';
import type { Step } from '../step';
import { stopTasks } from './stop-tasks';

export const stopAllTasks = ({ world }: SwitchRun): Step =>
  stopTasks('Stop replication in both directions', [...tasksOf(world, 'forward'), ...tasksOf(world, 'reverse')]);

export const dropSlots = ({ world, notes }: SwitchRun): Step => {
  const { forwardSlot, reverseSlot } = world.manifest.replication;
  const source = wordsOf(world.manifest, 'source');
  const target = wordsOf(world.manifest, 'target');
  return {
    title: 'Drop the replication slots: nothing keeps the log any longer',
    touches: [
      ...[forwardSlot, ...(notes.loadSlots ?? [])].map((name) => `${source.position(name)} on the source`),
      `${target.position(reverseSlot)} on the target`,
    ].join(', '),
    act: async (perform) => {
      for (const name of [forwardSlot, ...(notes.loadSlots ?? [])])
        await perform(world.sides.source.slots.dropSlot(name));
      await perform(world.sides.target.slots.dropSlot(reverseSlot));
    },
  };
};

export const noteFinalized = (run: SwitchRun): Step => ({
  title: 'Note on both sides that the migration is finished',
  touches: 'cutover_local.state on both sides',
  act: async (perform) => {
    for (const side of [run.world.sides.target, run.world.sides.source])
      await perform(side.control.writeState(rowOf(run, 'finalized', run.from.side)));
  },
});
