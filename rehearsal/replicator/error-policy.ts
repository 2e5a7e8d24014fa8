import type { RoutedChange } from './routed-change';
import { natureOf } from './error-nature';
import { nameOf } from './row-change';
import { FatalTaskError } from './task-errors';
import type { TableStatistics } from './table-statistics';
import type { ErrorBehavior } from './task-settings';

export type Verdict = 'ignore' | 'log' | 'suspend' | 'write anyway';

/** What can be wrong with a change on the target. */
export type Trouble = { missing: true } | { error: Error };

/**
 * Decides by `ErrorBehavior` what becomes of a change that the target does not take (User Guide, "Error handling task
 * settings"). STOP_TASK is thrown. Counts errors of a table for the escalation settings.
 */
export class ErrorPolicy {
  private readonly behavior: ErrorBehavior;
  private readonly counts = new Map<TableStatistics, { data: number; apply: number }>();
  private tableErrors = 0;

  constructor(behavior: ErrorBehavior) {
    this.behavior = behavior;
  }

  /** True when an update or delete that finds no row may pass without a look. */
  toleratesMissing(kind: 'update' | 'delete'): boolean {
    return this.policyForMissing(kind) === 'IGNORE_RECORD';
  }

  judge(change: Exclude<RoutedChange, { kind: 'truncate' }>, trouble: Trouble): Verdict {
    const { policy, sort } = this.policyFor(change.kind, trouble);
    const name = nameOf(change.route.target);
    const what = 'error' in trouble ? trouble.error.message : 'no row has this key';
    switch (policy) {
      case 'IGNORE_RECORD':
        return 'ignore';
      case 'SUSPEND_TABLE':
        return this.suspend();
      case 'INSERT_RECORD':
      case 'UPDATE_RECORD':
        return 'write anyway';
      case 'STOP_TASK':
        throw new FatalTaskError(`${change.kind} on ${name} cannot be applied and the settings stop the task: ${what}`);
      case 'LOG_ERROR':
        return this.escalate(change.route.statistics, sort, `${change.kind} on ${name}: ${what}`);
    }
  }

  /** A table that cannot be replicated at all. Throws when that stops the task. */
  judgeTable(name: string, error: unknown): void {
    const what = error instanceof Error ? error.message : String(error);
    if (this.behavior.TableErrorPolicy === 'STOP_TASK') {
      throw new FatalTaskError(`table ${name} cannot be replicated and TableErrorPolicy is STOP_TASK: ${what}`);
    }
    this.suspend();
  }

  private suspend(): 'suspend' {
    this.tableErrors++;
    const limit = this.behavior.TableErrorEscalationCount;
    if (limit > 0 && this.tableErrors > limit) {
      throw new FatalTaskError(`${this.tableErrors} tables are in error, TableErrorEscalationCount allows ${limit}`);
    }
    return 'suspend';
  }

  private escalate(table: TableStatistics, sort: 'data' | 'apply', what: string): Verdict {
    const counts = this.counts.get(table) ?? { data: 0, apply: 0 };
    this.counts.set(table, counts);
    counts[sort]++;
    const { behavior } = this;
    const limit = sort === 'data' ? behavior.DataErrorEscalationCount : behavior.ApplyErrorEscalationCount;
    if (limit === 0 || counts[sort] <= limit) return 'log';
    const policy = sort === 'data' ? behavior.DataErrorEscalationPolicy : behavior.ApplyErrorEscalationPolicy;
    if (policy === 'STOP_TASK') throw new FatalTaskError(`more than ${limit} ${sort} errors, last ${what}`);
    return policy === 'SUSPEND_TABLE' ? this.suspend() : 'log';
  }

  private policyForMissing(kind: 'update' | 'delete') {
    return kind === 'update' ? this.behavior.ApplyErrorUpdatePolicy : this.behavior.ApplyErrorDeletePolicy;
  }

  private policyFor(kind: 'insert' | 'update' | 'delete', trouble: Trouble) {
    const { behavior } = this;
    if ('missing' in trouble) {
      return { policy: kind === 'insert' ? 'LOG_ERROR' : this.policyForMissing(kind), sort: 'apply' } as const;
    }
    const nature = natureOf(trouble.error);
    if (kind === 'insert' && nature === 'duplicate') {
      return { policy: behavior.ApplyErrorInsertPolicy, sort: 'apply' } as const;
    }
    if (nature === 'truncation') return { policy: behavior.DataTruncationErrorPolicy, sort: 'data' } as const;
    if (nature === 'table') return { policy: behavior.TableErrorPolicy, sort: 'data' } as const;
    return { policy: behavior.DataErrorPolicy, sort: 'data' } as const;
  }
}
