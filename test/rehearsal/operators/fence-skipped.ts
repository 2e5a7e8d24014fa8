import { brokenOperator, changed, pretended, withSides } from './broken-operator';

/** Predicted: I2. The source goes on taking writes while the target is opened. */
brokenOperator((world) =>
  withSides(world, ({ side, gate }) => ({
    gate: changed(gate, {
      fence: () => (side === 'source' ? pretended(gate.fence()) : gate.fence()),
      endSessions: () => pretended(gate.endSessions()),
      whyNotFenced: async () => undefined,
    }),
  })),
);
