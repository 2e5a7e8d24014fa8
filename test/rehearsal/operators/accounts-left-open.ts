import { blinded, brokenOperator, changed, pretended, withSides } from './broken-operator';

/** Predicted: I2. Sessions are ended once, but whoever comes back is let in again. */
brokenOperator((world) =>
  withSides(blinded(world), ({ side, gate }) => ({
    gate: changed(gate, {
      fence: (options) => (side === 'source' ? pretended(gate.fence(options)) : gate.fence(options)),
      endSessions: () => {
        const effect = gate.endSessions();
        return { ...pretended(effect), act: () => effect.act(AbortSignal.timeout(300)).catch(() => undefined) };
      },
      whyNotFenced: async () => undefined,
      whyNotClosed: async () => undefined,
    }),
  })),
);
