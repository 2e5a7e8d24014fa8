import type { ErrorPolicy } from '../error-policy';
import { routesOf, type RoutedChange } from '../routed-change';
import type { TableName } from '../row-change';
import type { TableStatistics } from '../table-statistics';
import { FatalTaskError } from '../task-errors';
import type { Route } from '../table-mappings/route';
import type { CarefulApplier, CarefulTarget } from './careful-applier';

/** What applying asks of a target's engine; `Step` is a statement as its session takes it. */
export interface ApplyTarget<Step> extends CarefulTarget {
  isKnown(name: TableName): boolean;
  command(text: string): Step;
  /** Holds the task's row, and fails where another run has taken the task over. */
  readonly hold: Step;
  steps(change: RoutedChange): Step[];
  /** Notes how far the task has come; it goes into the transaction that brought it there. */
  savePosition(position: string): Step;
  /** Affected rows of each step. */
  run(steps: readonly Step[]): Promise<number[]>;
  /** The step that the server refused, and the server's own error. */
  refusal(error: unknown): { readonly step: Step; readonly cause: Error } | undefined;
  /** Whether a hold was refused because another run holds the task. */
  isTakenOver(error: unknown): boolean;
}

/** An update or delete found no row where the settings do not tolerate it. */
class RowMissingError extends Error {}

/**
 * Writes pieces of work: a whole transaction of the target, or one savepoint of a larger one. All of a piece goes out at
 * once. When the target refuses any of it, the piece is taken back as if it had not been tried.
 */
export class PieceWriter<Step> {
  private readonly target: ApplyTarget<Step>;
  private readonly policy: ErrorPolicy;
  private readonly suspended: Set<Route>;
  private readonly careful: CarefulApplier;
  /** A transaction larger than one piece is under way. */
  private open = false;
  private applied: { statistics: TableStatistics; kind: 'insert' | 'update' | 'delete' }[] = [];

  constructor(
    target: ApplyTarget<Step>,
    careful: CarefulApplier,
    { policy, suspended }: { policy: ErrorPolicy; suspended: Set<Route> },
  ) {
    this.target = target;
    this.careful = careful;
    this.policy = policy;
    this.suspended = suspended;
  }

  /**
   * Writes the changes and then `last`, which is followed by the commit; without `last` the transaction stays open.
   * `counted` are the changes that they stand for. False when the target refused one and nothing was done.
   */
  async atOnce(changes: RoutedChange[], last: Step[] | undefined, counted = changes): Promise<boolean> {
    await this.learnTables(changes);
    let sent = false;
    try {
      const wanted = changes.filter((change) => !this.skips(change));
      const planned = wanted.map((change) => this.target.steps(change));
      // Only the answer tells whether every row was found, so the commit waits for it where that matters.
      const checked = wanted.some((change) => this.mustFindItsRow(change));
      const [opening, closing] = [this.opening(), this.closing(last)];
      sent = true;
      const affected = await this.target.run([...opening, ...planned.flat(), ...(checked ? [] : closing)]);
      if (checked) this.expectRows(wanted, planned, affected.slice(opening.length));
      if (checked) await this.target.run(closing);
    } catch (error) {
      if (!this.concernsARow(error)) throw this.plain(error);
      if (sent) await this.takeBack();
      return false;
    }
    this.done(
      counted.filter((change) => !this.skips(change)),
      last,
    );
    return true;
  }

  /** The same row by row: the error policies decide about each that is refused. */
  async rowByRow(changes: RoutedChange[], last: Step[] | undefined): Promise<void> {
    const done: RoutedChange[] = [];
    try {
      await this.target.run(this.opening());
      const closing = this.closing(last);
      for (const change of changes) {
        if (!this.skips(change) && (await this.careful.apply(change))) done.push(change);
      }
      await this.target.run(closing);
    } catch (error) {
      throw this.plain(error);
    }
    this.done(done, last);
  }

  private opening(): Step[] {
    return this.open ? [this.target.command('SAVEPOINT piece')] : [this.target.command('BEGIN'), this.target.hold];
  }

  private closing(last: Step[] | undefined): Step[] {
    if (last) return [...last, this.target.command('COMMIT')];
    return this.open ? [this.target.command('RELEASE SAVEPOINT piece')] : [];
  }

  private async takeBack(): Promise<void> {
    const commands = this.open ? ['ROLLBACK TO SAVEPOINT piece', 'RELEASE SAVEPOINT piece'] : ['ROLLBACK'];
    await this.target.run(commands.map((text) => this.target.command(text)));
  }

  private skips(change: RoutedChange): boolean {
    return routesOf(change).every((route) => this.suspended.has(route));
  }

  /** What has to find its row is one step. */
  private expectRows(wanted: RoutedChange[], planned: Step[][], affected: number[]): void {
    let place = 0;
    for (const [index, steps] of planned.entries()) {
      if (affected[place] === 0 && this.mustFindItsRow(wanted[index] as RoutedChange)) throw new RowMissingError();
      place += steps.length;
    }
  }

  private mustFindItsRow(change: RoutedChange): boolean {
    if (change.kind === 'truncate' || change.overlaps) return false;
    return (change.kind === 'update' || change.kind === 'delete') && !this.policy.toleratesMissing(change.kind);
  }

  private async learnTables(changes: RoutedChange[]): Promise<void> {
    for (const change of changes) {
      for (const route of routesOf(change)) {
        if (!this.target.isKnown(route.target) && !this.suspended.has(route)) await this.careful.learn(route);
      }
    }
  }

  private concernsARow(error: unknown): boolean {
    if (error instanceof RowMissingError) return true;
    return this.target.refusal(error)?.step !== this.target.hold && this.target.concernedRow(error) !== undefined;
  }

  /** The server's own error instead of its place among the steps. */
  private plain(error: unknown): unknown {
    const refusal = this.target.refusal(error);
    if (!refusal) return error;
    if (refusal.step === this.target.hold && this.target.isTakenOver(error))
      return new FatalTaskError('another run of this task has taken it over; this one stops writing');
    return refusal.cause;
  }

  /** Applied counts become visible only with the commit. */
  private done(changes: RoutedChange[], last: Step[] | undefined): void {
    for (const change of changes) {
      if (change.kind !== 'truncate') this.applied.push({ statistics: change.route.statistics, kind: change.kind });
    }
    this.open = last === undefined;
    if (this.open) return;
    for (const { statistics, kind } of this.applied) statistics.applied(kind);
    this.applied = [];
  }
}
