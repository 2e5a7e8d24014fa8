import { routesOf, type RoutedChange } from '../../routed-change';
import type { TableStatistics } from '../../table-statistics';
import { FatalTaskError } from '../../task-errors';
import type { ApplyTools } from './apply-tools';
import { CarefulApplier } from './careful-applier';
import { concernedRow } from './concerned-row';
import { StatementError } from './script';

/** An update or delete found no row where the settings do not tolerate it. */
class RowMissingError extends Error {}

/**
 * Writes pieces of work: a whole transaction of the target, or one savepoint of a larger one. All of a piece goes out in
 * few packets. When the target refuses any of it, the piece is taken back as if it had not been tried.
 */
export class PieceWriter {
  private readonly tools: ApplyTools;
  private readonly careful: CarefulApplier;
  private readonly hold: string;
  /** A transaction larger than one piece is under way. */
  private open = false;
  private applied: { statistics: TableStatistics; kind: 'insert' | 'update' | 'delete' }[] = [];

  constructor(tools: ApplyTools) {
    this.tools = tools;
    this.careful = new CarefulApplier(tools);
    this.hold = tools.control.holdRun();
  }

  /**
   * Writes the changes and then `last`, which is followed by the commit; without `last` the transaction stays open.
   * False when the target refused one and nothing was done.
   */
  async atOnce(changes: RoutedChange[], last: string | undefined): Promise<boolean> {
    await this.learnTables(changes);
    const wanted = changes.filter((change) => !this.skips(change));
    let sent = false;
    try {
      const planned = wanted.map((change) => this.tools.planner.steps(change));
      // Only the answer tells whether every row was found, so the commit waits for it where that matters.
      const checked = wanted.some((change) => this.mustFindItsRow(change));
      const [opening, closing] = [this.opening(), this.closing(last)];
      sent = true;
      const affected = await this.tools.script.run([...opening, ...planned.flat(), ...(checked ? [] : closing)]);
      if (checked) this.expectRows(wanted, planned, affected.slice(opening.length));
      if (checked) await this.tools.script.run(closing);
    } catch (error) {
      if (this.shutOut(error) || (!(error instanceof RowMissingError) && !concernedRow(error))) throw this.plain(error);
      if (sent) await this.tools.script.run(this.open ? ['ROLLBACK TO SAVEPOINT piece'] : ['ROLLBACK']);
      return false;
    }
    this.done(wanted, last);
    return true;
  }

  /** The same row by row: the error policies decide about each that is refused. */
  async rowByRow(changes: RoutedChange[], last: string | undefined): Promise<void> {
    const done: RoutedChange[] = [];
    try {
      await this.tools.script.run(this.opening());
      for (const change of changes) {
        if (!this.skips(change) && (await this.careful.apply(change))) done.push(change);
      }
      await this.tools.script.run(this.closing(last));
    } catch (error) {
      throw this.plain(error);
    }
    this.done(done, last);
  }

  private opening(): string[] {
    return this.open ? ['SAVEPOINT piece'] : ['BEGIN', this.hold];
  }

  private closing(last: string | undefined): string[] {
    if (last !== undefined) return [last, 'COMMIT'];
    return this.open ? ['RELEASE SAVEPOINT piece'] : [];
  }

  private skips(change: RoutedChange): boolean {
    return routesOf(change).every((route) => this.tools.suspended.has(route));
  }

  /** What has to find its row is one statement. */
  private expectRows(wanted: RoutedChange[], planned: string[][], affected: number[]): void {
    let place = 0;
    for (const [index, statements] of planned.entries()) {
      if (affected[place] === 0 && this.mustFindItsRow(wanted[index] as RoutedChange)) throw new RowMissingError();
      place += statements.length;
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

  private shutOut(error: unknown): boolean {
    return error instanceof StatementError && error.statement === this.hold && concernedRow(error) !== undefined;
  }

  /** The server's own error instead of its place in the script. */
  private plain(error: unknown): unknown {
    if (this.shutOut(error)) {
      return new FatalTaskError('another run of this task has taken it over; this one stops writing');
    }
    return error instanceof StatementError ? error.cause : error;
  }

  /** Applied counts become visible only with the commit. */
  private done(changes: RoutedChange[], last: string | undefined): void {
    for (const change of changes) {
      if (change.kind !== 'truncate') this.applied.push({ statistics: change.route.statistics, kind: change.kind });
    }
    this.open = last === undefined;
    if (this.open) return;
    for (const { statistics, kind } of this.applied) statistics.applied(kind);
    this.applied = [];
  }
}
