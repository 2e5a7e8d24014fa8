import type { Trouble } from '../../error-policy';
import type { RoutedChange } from '../../routed-change';
import { nameOf } from '../../row-change';
import { describe } from '../../task-errors';
import type { Route } from '../../table-mappings/route';
import type { ApplyTools } from './apply-tools';
import { concernedRow } from './concerned-row';

/** The catalogue changed under us: a column or table is unknown, or a value has a column too many. */
const staleCatalogue = new Set([1054, 1146, 1136]);

type RowOperation = Exclude<RoutedChange, { kind: 'truncate' }>;

/** Applies one change at a time behind a savepoint and lets the error policies decide about what is refused. */
export class CarefulApplier {
  private readonly tools: ApplyTools;

  constructor(tools: ApplyTools) {
    this.tools = tools;
  }

  /** True when the change took effect. */
  async apply(change: RoutedChange): Promise<boolean> {
    if (change.kind === 'truncate') {
      const routes = change.routes.filter((route) => !this.tools.suspended.has(route));
      await this.tools.script.run(this.tools.planner.steps({ kind: 'truncate', routes }));
      return true;
    }
    let trouble = await this.attempt(change);
    if (trouble && 'error' in trouble && staleCatalogue.has((trouble.error as { errno?: number }).errno ?? 0)) {
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
    if (await this.tools.tables.find(route.target)) return;
    const error = new Error(`table ${nameOf(route.target)} does not exist on the target`);
    this.tools.policy.judgeTable(nameOf(route.target), error);
    await this.suspend(route, describe(error));
  }

  async suspend(route: Route, reason: string): Promise<void> {
    this.tools.suspended.add(route);
    route.statistics.become('Table error');
    const { schema, table } = route.target;
    await this.tools.script.run([this.tools.control.suspend(schema, table, reason)]);
  }

  private async attempt(change: RowOperation): Promise<Trouble | undefined> {
    try {
      const affected = await this.behindSavepoint(change);
      return affected[0] === 0 && change.kind !== 'insert' && !change.overlaps ? { missing: true } : undefined;
    } catch (error) {
      const concerned = concernedRow(error);
      if (concerned) return { error: concerned };
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
    const { planner, control, script } = this.tools;
    const { schema, table } = change.route.target;
    await script.run([control.logException(schema, table, planner.describe(change), this.reason(trouble))]);
  }

  private reason(trouble: Trouble): string {
    return 'missing' in trouble ? 'no row on the target has this key' : describe(trouble.error);
  }

  /** Affected rows; when one statement fails, all of the change are taken back. */
  private async behindSavepoint(change: RowOperation): Promise<number[]> {
    const { planner, script } = this.tools;
    const statements = planner.steps(change);
    try {
      return (await script.run(['SAVEPOINT row', ...statements, 'RELEASE SAVEPOINT row'])).slice(1, -1);
    } catch (error) {
      if (concernedRow(error)) await script.run(['ROLLBACK TO SAVEPOINT row', 'RELEASE SAVEPOINT row']);
      throw error;
    }
  }
}
