import { blinded, brokenOperator, changed, pretended, withSides } from './broken-operator';

/** Predicted: I2. The source goes on taking writes while the target is opened. */
brokenOperator((world) =>
  withSides(blinded(world), ({ side, gate }) => ({
    gate: changed(gate, {
      fence: (options) => (side === 'source' ? pretended(gate.fence(options)) : gate.fence(options)),
      endSessions: () => (side === 'source' ? pretended(gate.endSessions()) : gate.endSessions()),
      whyNotFenced: async () => undefined,
      whyNotClosed: async () => undefined,
    }),
  })),
);
