import { actingBy, brokenOperator, changed } from './broken-operator';

/** Predicted: I5. The way back starts where the log ends after the open: what came between never reaches the source. */
brokenOperator((world) => {
  const { slots } = world.sides.target;
  const slot = world.manifest.replication.reverseSlot;
  const reverse = changed(world.tasks.reverse, {
    startFrom: (position) => {
      let now = '';
      const effect = world.tasks.reverse.startFrom(() => now || position());
      return actingBy(effect, async (signal) => {
        await slots.advanceSlot(slot).act(signal);
        now = (await slots.readSlot(slot, signal))?.confirmedPosition ?? '';
        await effect.act(signal);
      });
    },
  });
  return { ...world, tasks: { ...world.tasks, reverse } };
});
