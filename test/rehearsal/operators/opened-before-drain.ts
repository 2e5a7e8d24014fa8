import { actingBy, brokenOperator, changed } from './broken-operator';

/** Predicted: I3. The target opens together with the records' change, before a marker has come through. */
brokenOperator((world) => ({
  ...world,
  routing: changed(world.routing, {
    shift: (name, weights) => {
      const effect = world.routing.shift(name, weights);
      return actingBy(effect, async (signal) => {
        if (name === 'route-to-target') await world.sides.target.gate.open().act(signal);
        await effect.act(signal);
      });
    },
  }),
}));
