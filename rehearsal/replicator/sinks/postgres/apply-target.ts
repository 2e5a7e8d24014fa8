import { DatabaseError } from 'pg';
import { quoteLiteral } from '../../postgres/quoting';
import { nameOf } from '../../row-change';
import type { RowOperation } from '../careful-applier';
import type { ApplyTarget } from '../piece-writer';
import { UnidentifiedRowError } from '../unidentified-row';
import type { ApplyTools } from './apply-tools';
import { StepError, type Step } from './pipeline';
import { deleteAllText } from './statements';

/** The catalogue changed under us: a column or table is unknown, or a plan does not fit its table any more. */
const staleCatalogue = new Set(['42703', '42P01', '42804', '0A000']);
/** TRUNCATE needs its own privilege and refuses tables that others refer to; DELETE does neither. */
const truncateRefused = new Set(['42501', '0A000']);

/** Classes of SQLSTATE that concern the session or its moment, not the row. */
const notTheRow = /^(08|53|57|40|55)/;
const divisionByZero = '22012';

const codeOf = (error: unknown): string | undefined =>
  error instanceof StepError && error.cause instanceof DatabaseError ? error.cause.code : undefined;

function concernedRow(error: unknown): Error | undefined {
  if (error instanceof UnidentifiedRowError) return error;
  const code = codeOf(error);
  return code === undefined || notTheRow.test(code) ? undefined : (error as StepError).cause;
}

export function applyTarget({ pipeline, planner, tables, control }: ApplyTools): ApplyTarget<Step> {
  const named = (text: string) => planner.statement(text);
  const step = (text: string): Step => ({ statement: named(text), values: [] });

  /** Affected rows of the steps; when one fails only they are taken back. */
  const behindSavepoint = async (steps: Step[]): Promise<number[]> => {
    try {
      const affected = await pipeline.run([step('SAVEPOINT row'), ...steps, step('RELEASE SAVEPOINT row')]);
      return affected.slice(1, -1);
    } catch (error) {
      if (concernedRow(error)) await pipeline.run([step('ROLLBACK TO SAVEPOINT row'), step('RELEASE SAVEPOINT row')]);
      throw error;
    }
  };

  /** The statement with its values, as DMS writes it into the exceptions table. */
  const statementOf = (change: RowOperation): string => {
    try {
      const { statement, values } = planner.plan(change);
      return statement.text.replace(/\$(\d+)/g, (_, number: string) => {
        const value = values[Number(number) - 1];
        return value === null || value === undefined ? 'NULL' : quoteLiteral(value);
      });
    } catch {
      return `${change.kind} on ${nameOf(change.route.target)}`;
    }
  };

  return {
    isKnown: (name) => tables.get(name) !== undefined,
    learn: async (name) => (await tables.find(name)) !== undefined,
    forget: (name) => {
      tables.forget(name);
      planner.forget();
    },
    apply: async (change) => (await behindSavepoint(planner.steps(change)))[0] ?? 0,
    truncate: async (routes) => {
      try {
        await behindSavepoint([planner.plan({ kind: 'truncate', routes: [...routes] })]);
      } catch (error) {
        if (!truncateRefused.has(codeOf(error) ?? '')) throw error;
        await behindSavepoint(routes.map((route) => step(deleteAllText(route.target))));
      }
    },
    concernedRow,
    isStale: (error) => staleCatalogue.has((error as DatabaseError).code ?? ''),
    suspend: async ({ schema, table }, reason) => {
      await pipeline.run([control.suspend(named, schema, table, reason)]);
    },
    logException: async (change, reason) => {
      const { schema, table } = change.route.target;
      await pipeline.run([control.logException(named, schema, table, statementOf(change), reason)]);
    },
    command: step,
    hold: control.holdRun(named),
    steps: (change) => planner.steps(change),
    savePosition: (position) => control.savePosition(named, position),
    run: (steps) => pipeline.run(steps),
    refusal: (error) => (error instanceof StepError ? error : undefined),
    isTakenOver: (error) => codeOf(error) === divisionByZero,
  };
}
