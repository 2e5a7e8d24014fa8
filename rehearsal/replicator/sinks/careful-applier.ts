import type { ErrorPolicy, Trouble } from '../error-policy';
import type { RoutedChange } from '../routed-change';
import type { TableName } from '../row-change';
import { nameOf } from '../row-change';
import { describe } from '../task-errors';
import type { Route } from '../table-mappings/route';

export type RowOperation = Exclude<RoutedChange, { kind: 'truncate' }>;

/** What the careful applier asks of a target's engine. */
export interface CarefulTarget {
  /** Whether the table is there; afterwards it is known. */
  learn(name: TableName): Promise<boolean>;
  forget(name: TableName): void;
  /** Rows that the change affected. When it is refused, what it did is taken back and no more. */
  apply(change: RowOperation): Promise<number>;
  truncate(routes: readonly Route[]): Promise<void>;
  /** The error as the policies judge it, when a row is to blame. */
  concernedRow(error: unknown): Error | undefined;
  /** Whether the catalogue has changed under us: then it is read again. */
  isStale(error: Error): boolean;
  /** Writes into the control tables. */
  suspend(name: TableName, reason: string): Promise<void>;
  logException(change: RowOperation, reason: string): Promise<void>;
}

/** Applies one change at a time behind a savepoint and lets the error policies decide about what is refused. */
export class CarefulApplier {
  private readonly target: CarefulTarget;
  private readonly policy: ErrorPolicy;
  private readonly suspended: Set<Route>;

  constructor(target: CarefulTarget, { policy, suspended }: { policy: ErrorPolicy; suspended: Set<Route> }) {
    this.target = target;
    this.policy = policy;
    this.suspended = suspended;
  }

  /** True when the change took effect. */
  async apply(change: RoutedChange): Promise<boolean> {
    if (change.kind === 'truncate') {
      await this.target.truncate(change.routes.filter((route) => !this.suspended.has(route)));
      return true;
    }
    let trouble = await this.attempt(change);
    if (trouble && 'error' in trouble && this.target.isStale(trouble.error)) {
      this.target.forget(change.route.target);
      await this.learn(change.route);
      if (this.suspended.has(change.route)) return false;
      trouble = await this.attempt(change);
    }
    return trouble ? this.settle(change, trouble) : true;
  }

  /** Reads the target's catalogue for a route; a table that is not there is suspended as the settings say. */
  async learn(route: Route): Promise<void> {
    if (await this.target.learn(route.target)) return;
    const error = new Error(`table ${nameOf(route.target)} does not exist on the target`);
    this.policy.judgeTable(nameOf(route.target), error);
    await this.suspend(route, describe(error));
  }

  async suspend(route: Route, reason: string): Promise<void> {
    this.suspended.add(route);
    route.statistics.become('Table error');
    await this.target.suspend(route.target, reason);
  }

  private async attempt(change: RowOperation): Promise<Trouble | undefined> {
    try {
      const affected = await this.target.apply(change);
      return affected === 0 && change.kind !== 'insert' && !change.overlaps ? { missing: true } : undefined;
    } catch (error) {
      const concerned = this.target.concernedRow(error);
      if (concerned) return { error: concerned };
      throw error;
    }
  }

  private async settle(change: RowOperation, trouble: Trouble): Promise<boolean> {
    switch (this.policy.judge(change, trouble)) {
      case 'ignore':
        return false;
      case 'suspend':
        await this.suspend(change.route, reasonOf(trouble));
        return false;
      case 'write anyway':
        return this.writeAnyway(change, trouble);
      case 'log':
        await this.target.logException(change, reasonOf(trouble));
        return false;
    }
  }

  /** INSERT_RECORD updates the row that stands in the way; UPDATE_RECORD inserts the one that is missing. */
  private async writeAnyway(change: RowOperation, trouble: Trouble): Promise<boolean> {
    const { route } = change;
    const row = change.kind === 'delete' ? undefined : change.row;
    if (!row || row.values.includes(undefined)) {
      await this.target.logException(change, reasonOf(trouble));
      return false;
    }
    const other: RowOperation =
      change.kind === 'insert' ? { kind: 'update', route, row } : { kind: 'insert', route, row };
    const second = await this.attempt(other);
    if (second) await this.target.logException(change, reasonOf(second));
    return !second;
  }
}

const reasonOf = (trouble: Trouble): string =>
  'missing' in trouble ? 'no row on the target has this key' : describe(trouble.error);
