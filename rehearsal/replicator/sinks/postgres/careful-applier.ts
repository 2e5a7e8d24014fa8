import { DatabaseError } from 'pg';
import type { Trouble } from '../../error-policy';
import type { RoutedChange } from '../../routed-change';
import { nameOf } from '../../row-change';
import { quoteLiteral } from '../../postgres/quoting';
import { describe } from '../../task-errors';
import type { Route } from '../../table-mappings/route';
import type { ApplyTools } from './apply-tools';
import { StepError, type Step } from './pipeline';
import { UnidentifiedRowError } from '../unidentified-row';
import { deleteAllText } from './statements';

/** The catalogue changed under us: a column or table is unknown, or a plan does not fit its table any more. */
const staleCatalogue = new Set(['42703', '42P01', '42804', '0A000']);
/** TRUNCATE needs its own privilege and refuses tables that others refer to; DELETE does neither. */
const truncateRefused = new Set(['42501', '0A000']);

type RowOperation = Exclude<RoutedChange, { kind: 'truncate' }>;

/** Applies one change at a time behind a savepoint and lets the error policies decide about what is refused. */
export class CarefulApplier {
  private readonly tools: ApplyTools;

  constructor(tools: ApplyTools) {
    this.tools = tools;
  }

  /** True when the change took effect. */
  async apply(change: RoutedChange): Promise<boolean> {
    if (change.kind === 'truncate') return this.truncate(change.routes);
    let trouble = await this.attempt(change);
    if (trouble && 'error' in trouble && staleCatalogue.has((trouble.error as DatabaseError).code ?? '')) {
      this.tools.tables.forget(change.route.target);
      this.tools.planner.forget();
      await this.learn(change.route);
      if (this.tools.suspended.has(change.route)) return false;
      trouble = await this.attempt(change);
    }
    return trouble ? this.settle(change, trouble) : true;
  }

  /** Reads the target's catalogue for a route; a table that is not there is suspended as the settings say. */
  async learn(route: Route): Promise<void> {
    try {
      await this.tools.tables.learn(route.target);
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      this.tools.policy.judgeTable(nameOf(route.target), error);
      await this.suspend(route, describe(error));
    }
  }

  async suspend(route: Route, reason: string): Promise<void> {
    this.tools.suspended.add(route);
    route.statistics.become('Table error');
    const { schema, table } = route.target;
    const { control, planner } = this.tools;
    await this.tools.pipeline.run([control.suspend((text) => planner.statement(text), schema, table, reason)]);
  }

  private async attempt(change: RowOperation): Promise<Trouble | undefined> {
    try {
      const affected = await this.behindSavepoint(this.tools.planner.steps(change));
      return affected[0] === 0 && change.kind !== 'insert' && !change.overlaps ? { missing: true } : undefined;
    } catch (error) {
      if (error instanceof UnidentifiedRowError) return { error };
      if (error instanceof StepError && error.cause instanceof DatabaseError) return { error: error.cause };
      throw error;
    }
  }

  private async settle(change: RowOperation, trouble: Trouble): Promise<boolean> {
    switch (this.tools.policy.judge(change, trouble)) {
      case 'ignore':
        return false;
      case 'suspend':
        await this.suspend(change.route, this.reason(trouble));
        return false;
      case 'write anyway':
        return this.writeAnyway(change, trouble);
      case 'log':
        await this.log(change, trouble);
        return false;
    }
  }

  /** INSERT_RECORD updates the row that stands in the way; UPDATE_RECORD inserts the one that is missing. */
  private async writeAnyway(change: RowOperation, trouble: Trouble): Promise<boolean> {
    const { route } = change;
    const row = change.kind === 'delete' ? undefined : change.row;
    if (!row || row.values.includes(undefined)) {
      await this.log(change, trouble);
      return false;
    }
    const other: RowOperation =
      change.kind === 'insert' ? { kind: 'update', route, row } : { kind: 'insert', route, row };
    const second = await this.attempt(other);
    if (second) await this.log(change, second);
    return !second;
  }

  private async log(change: RowOperation, trouble: Trouble): Promise<void> {
    const { planner, control, pipeline } = this.tools;
    const { schema, table } = change.route.target;
    const statement = this.statementOf(change);
    await pipeline.run([
      control.logException((text) => planner.statement(text), schema, table, statement, this.reason(trouble)),
    ]);
  }

  private reason(trouble: Trouble): string {
    return 'missing' in trouble ? 'no row on the target has this key' : describe(trouble.error);
  }

  /** The statement with its values, as DMS writes it into the exceptions table. */
  private statementOf(change: RowOperation): string {
    try {
      const { statement, values } = this.tools.planner.plan(change);
      return statement.text.replace(/\$(\d+)/g, (_, number: string) => {
        const value = values[Number(number) - 1];
        return value === null || value === undefined ? 'NULL' : quoteLiteral(value);
      });
    } catch {
      return `${change.kind} on ${nameOf(change.route.target)}`;
    }
  }

  private async truncate(routes: Route[]): Promise<boolean> {
    const wanted = routes.filter((route) => !this.tools.suspended.has(route));
    const step = this.tools.planner.plan({ kind: 'truncate', routes: wanted });
    try {
      await this.behindSavepoint([step]);
    } catch (error) {
      const code = error instanceof StepError ? (error.cause as DatabaseError).code : undefined;
      if (!truncateRefused.has(code ?? '')) throw error;
      const { planner } = this.tools;
      await this.behindSavepoint(
        wanted.map((route) => ({ statement: planner.statement(deleteAllText(route.target)), values: [] })),
      );
    }
    return true;
  }

  /** Affected rows of the steps; when one fails only they are taken back. */
  private async behindSavepoint(steps: Step[]): Promise<number[]> {
    const [savepoint, release, back] = ['SAVEPOINT row', 'RELEASE SAVEPOINT row', 'ROLLBACK TO SAVEPOINT row'].map(
      (text): Step => ({ statement: this.tools.planner.statement(text), values: [] }),
    ) as [Step, Step, Step];
    try {
      const affected = await this.tools.pipeline.run([savepoint, ...steps, release]);
      return affected.slice(1, -1);
    } catch (error) {
      if (error instanceof StepError && error.cause instanceof DatabaseError)
        await this.tools.pipeline.run([back, release]);
      throw error;
    }
  }
}
