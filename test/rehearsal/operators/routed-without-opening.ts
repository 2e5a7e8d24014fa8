import { brokenOperator, changed, pretended, withSides } from './broken-operator';

/** Predicted: I11. The clients are sent to a side that lets none of them in. */
brokenOperator((world) =>
  withSides(world, ({ side, gate }) =>
    side === 'source'
      ? {}
      : {
          gate: changed(gate, {
            open: () => pretended(gate.open()),
            proveWrite: (to) => pretended(gate.proveWrite(to)),
          }),
        },
  ),
);
