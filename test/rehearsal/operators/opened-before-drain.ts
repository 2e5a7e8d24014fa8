import { actingBy, brokenOperator, changed, withSides } from './broken-operator';

/** Predicted: I2, and I3 whenever a commit is still on its way. The target opens before the source is even fenced, so long before a marker has come through. */
brokenOperator((world) =>
  withSides(world, ({ side, gate }) => ({
    gate: changed(gate, {
      fence: (options) => {
        const effect = gate.fence(options);
        if (side === 'target') return effect;
        return actingBy(effect, async (signal) => {
          await world.sides.target.gate.open().act(signal);
          await world.clock.sleep(300, signal);
          await effect.act(signal);
        });
      },
    }),
  })),
);
