import type { ApplyTarget } from '../piece-writer';
import type { ApplyTools } from './apply-tools';
import { concernedRow } from './concerned-row';
import { StatementError } from './script';

/** The catalogue changed under us: a column or table is unknown, or a value has a column too many. */
const staleCatalogue = new Set([1054, 1146, 1136]);

export const applyTarget = ({ script, planner, tables, control }: ApplyTools): ApplyTarget<string> => ({
  isKnown: (name) => tables.get(name) !== undefined,
  learn: async (name) => (await tables.find(name)) !== undefined,
  forget: (name) => {
    tables.forget(name);
    planner.forget();
  },
  apply: async (change) => {
    const statements = planner.steps(change);
    try {
      return (await script.run(['SAVEPOINT one_row', ...statements, 'RELEASE SAVEPOINT one_row']))[1] ?? 0;
    } catch (error) {
      if (concernedRow(error)) await script.run(['ROLLBACK TO SAVEPOINT one_row', 'RELEASE SAVEPOINT one_row']);
      throw error;
    }
  },
  truncate: async (routes) => {
    await script.run(planner.steps({ kind: 'truncate', routes: [...routes] }));
  },
  concernedRow,
  isStale: (error) => staleCatalogue.has((error as { errno?: number }).errno ?? 0),
  suspend: async ({ schema, table }, reason) => {
    await script.run([control.suspend(schema, table, reason)]);
  },
  logException: async (change, reason) => {
    const { schema, table } = change.route.target;
    await script.run([control.logException(schema, table, planner.describe(change), reason)]);
  },
  command: (text) => text,
  hold: control.holdRun(),
  steps: (change) => planner.steps(change),
  savePosition: (position) => control.savePosition(position),
  run: (steps) => script.run(steps),
  refusal: (error) => (error instanceof StatementError ? { step: error.statement, cause: error.cause } : undefined),
  isTakenOver: (error) => concernedRow(error) !== undefined,
});
