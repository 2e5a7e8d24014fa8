import { actingBy, brokenOperator, changed, withSides } from './broken-operator';

/** Long enough for the scenario's slow apply to be felt: what is committed meanwhile is still on its way. */
const writesOnTheirWayMilliseconds = 500;

/** Predicted: I3. The target opens as soon as the source is locked, before what the source had committed came through. */
brokenOperator((world) =>
  withSides(world, ({ side, gate }) => ({
    gate: changed(gate, {
      whyNotClosed: async () => undefined,
      fence: (options) => {
        const effect = gate.fence(options);
        if (side === 'target') return effect;
        return actingBy(effect, async (signal) => {
          await world.clock.sleep(writesOnTheirWayMilliseconds, signal);
          await effect.act(signal);
          await world.sides.target.gate.open().act(signal);
        });
      },
    }),
  })),
);
