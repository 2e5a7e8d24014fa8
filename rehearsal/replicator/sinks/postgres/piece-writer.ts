import { DatabaseError } from 'pg';
import { routesOf, type RoutedChange } from '../../routed-change';
import type { TableStatistics } from '../../table-statistics';
import { FatalTaskError } from '../../task-errors';
import type { ApplyTools } from './apply-tools';
import { CarefulApplier } from './careful-applier';
import { StepError, type Step } from './pipeline';
import { UnidentifiedRowError } from '../unidentified-row';

/** An update or delete found no row where the settings do not tolerate it. */
class RowMissingError extends Error {}

/** SQLSTATE classes that concern the session or its moment, not the row. */
const notTheRow = /^(08|53|57|40|55)/;

/**
 * Writes pieces of work: a whole transaction of the target, or one savepoint of a larger one. All of a piece goes out
 * in one pipeline. When the target refuses any of it, the piece is taken back as if it had not been tried.
 */
export class PieceWriter {
  private readonly tools: ApplyTools;
  private readonly careful: CarefulApplier;
  private readonly hold: Step;
  /** A transaction larger than one piece is under way. */
  private open = false;
  private applied: { statistics: TableStatistics; kind: 'insert' | 'update' | 'delete' }[] = [];

  constructor(tools: ApplyTools) {
    this.tools = tools;
    this.careful = new CarefulApplier(tools);
    this.hold = tools.control.holdRun((text) => tools.planner.statement(text));
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
      const planned = wanted.map((change) => this.tools.planner.steps(change));
      // Only the answer tells whether every row was found, so the commit waits for it where that matters.
      const checked = wanted.some((change) => this.mustFindItsRow(change));
      const [opening, closing] = [this.opening(), this.closing(last)];
      sent = true;
      const affected = await this.tools.pipeline.run([...opening, ...planned.flat(), ...(checked ? [] : closing)]);
      if (checked) this.expectRows(wanted, planned, affected.slice(opening.length));
      if (checked) await this.tools.pipeline.run(closing);
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
      await this.tools.pipeline.run(this.opening());
      const closing = this.closing(last);
      for (const change of changes) {
        if (!this.skips(change) && (await this.careful.apply(change))) done.push(change);
      }
      await this.tools.pipeline.run(closing);
    } catch (error) {
      throw this.plain(error);
    }
    this.done(done, last);
  }

  private opening(): Step[] {
    return this.open ? [this.command('SAVEPOINT piece')] : [this.command('BEGIN'), this.hold];
  }

  private closing(last: Step[] | undefined): Step[] {
    if (last) return [...last, this.command('COMMIT')];
    return this.open ? [this.command('RELEASE SAVEPOINT piece')] : [];
  }

  private async takeBack(): Promise<void> {
    const commands = this.open ? ['ROLLBACK TO SAVEPOINT piece', 'RELEASE SAVEPOINT piece'] : ['ROLLBACK'];
    await this.tools.pipeline.run(commands.map((text) => this.command(text)));
  }

  private command(text: string): Step {
    return { statement: this.tools.planner.statement(text), values: [] };
  }

  private skips(change: RoutedChange): boolean {
    return routesOf(change).every((route) => this.tools.suspended.has(route));
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
    return (change.kind === 'update' || change.kind === 'delete') && !this.tools.policy.toleratesMissing(change.kind);
  }

  private async learnTables(changes: RoutedChange[]): Promise<void> {
    for (const change of changes) {
      for (const route of routesOf(change)) {
        if (!this.tools.tables.get(route.target) && !this.tools.suspended.has(route)) await this.careful.learn(route);
      }
    }
  }

  private concernsARow(error: unknown): boolean {
    if (error instanceof UnidentifiedRowError || error instanceof RowMissingError) return true;
    if (!(error instanceof StepError) || !(error.cause instanceof DatabaseError)) return false;
    return error.step.statement !== this.hold.statement && !notTheRow.test(error.cause.code ?? '');
  }

  /** The server's own error instead of its place in the pipeline. */
  private plain(error: unknown): unknown {
    if (!(error instanceof StepError)) return error;
    const shutOut = error.step.statement === this.hold.statement && (error.cause as DatabaseError).code === '22012';
    if (shutOut) return new FatalTaskError('another run of this task has taken it over; this one stops writing');
    return error.cause;
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
