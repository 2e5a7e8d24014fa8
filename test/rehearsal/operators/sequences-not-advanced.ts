import { brokenOperator, changed, pretended, withSides } from './broken-operator';

/** Predicted: I4. The target goes on counting where the schema began. */
brokenOperator((world) =>
  withSides(world, ({ sequences }) => ({
    sequences: changed(sequences, { advanceSequences: (values) => pretended(sequences.advanceSequences(values)) }),
  })),
);
