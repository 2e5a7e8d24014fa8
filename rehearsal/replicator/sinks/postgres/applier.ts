import { DatabaseError } from 'pg';
import type { TransactionPart } from '../../change-queue';
import { routesOf, type RoutedChange } from '../../routed-change';
import type { TableStatistics } from '../../table-statistics';
import { FatalTaskError } from '../../task-errors';
import type { ApplyTools } from './apply-tools';
import { CarefulApplier } from './careful-applier';
import { type Statement, StepError, type Step } from './pipeline';
import { UnidentifiedRowError } from './planner';

/** An update or delete found no row where the settings do not tolerate it. */
class RowMissingError extends Error {}

/** SQLSTATE classes that concern the session or its moment, not the row. */
const notTheRow = /^(08|53|57|40|55)/;

/**
 * Applies source transactions in their order. All of a piece goes out in one pipeline; when the target refuses any of
 * it, the piece is rolled back and applied again row by row, where the error policies decide.
 */
export class Applier {
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

  /** One transaction of the target, or one piece of a larger one when the last part carries no commit. */
  async apply(parts: TransactionPart[]): Promise<void> {
    const changes = parts.flatMap((part) => part.changes);
    const position = parts.at(-1)?.commit?.position;
    const closing = this.closing(position);
    const attempt = { sent: false };
    let done: RoutedChange[];
    try {
      await this.learnTables(changes);
      try {
        done = await this.atOnce(changes, closing, attempt);
      } catch (error) {
        if (!concernsARow(error, this.hold.statement)) throw error;
        if (parts.length > 1) return await this.oneByOne(parts, attempt.sent);
        done = await this.rowByRow(changes, closing, attempt.sent);
      }
    } catch (error) {
      throw this.plain(error);
    }
    for (const change of done) {
      if (change.kind !== 'truncate') this.applied.push({ statistics: change.route.statistics, kind: change.kind });
    }
    this.open = position === undefined;
    if (position !== undefined) this.publish();
  }

  private async atOnce(changes: RoutedChange[], closing: Step[], attempt: { sent: boolean }): Promise<RoutedChange[]> {
    const wanted = changes.filter((change) => !this.skips(change));
    const steps = wanted.map((change) => this.tools.planner.plan(change));
    // Only the answer tells whether every row was found, so the commit waits for it where that matters.
    const checked = wanted.some((change) => this.mustFindItsRow(change));
    const opening = this.opening();
    attempt.sent = true;
    const affected = await this.tools.pipeline.run([...opening, ...steps, ...(checked ? [] : closing)]);
    if (!checked) return wanted;
    if (wanted.some((change, index) => affected[opening.length + index] === 0 && this.mustFindItsRow(change))) {
      throw new RowMissingError();
    }
    await this.tools.pipeline.run(closing);
    return wanted;
  }

  /** A group of whole transactions holds a refused change: each is applied by itself, so the good ones stand. */
  private async oneByOne(parts: TransactionPart[], sent: boolean): Promise<void> {
    if (sent) await this.tools.pipeline.run([this.command('ROLLBACK')]);
    for (const part of parts) await this.apply([part]);
  }

  /** Takes back what `atOnce` sent of this piece, and no more, then applies it row by row. */
  private async rowByRow(changes: RoutedChange[], closing: Step[], sent: boolean): Promise<RoutedChange[]> {
    if (sent) await this.tools.pipeline.run([this.command(this.open ? 'ROLLBACK TO SAVEPOINT piece' : 'ROLLBACK')]);
    if (!sent || !this.open) await this.tools.pipeline.run(this.opening());
    const done: RoutedChange[] = [];
    for (const change of changes) {
      if (!this.skips(change) && (await this.careful.apply(change))) done.push(change);
    }
    await this.tools.pipeline.run(closing);
    return done;
  }

  private opening(): Step[] {
    return this.open ? [this.command('SAVEPOINT piece')] : [this.command('BEGIN'), this.hold];
  }

  private closing(position: string | undefined): Step[] {
    if (position === undefined) return this.open ? [this.command('RELEASE SAVEPOINT piece')] : [];
    const save = this.tools.control.savePosition((text) => this.tools.planner.statement(text), position);
    return [save, this.command('COMMIT')];
  }

  private command(text: string): Step {
    return { statement: this.tools.planner.statement(text), values: [] };
  }

  private skips(change: RoutedChange): boolean {
    return routesOf(change).every((route) => this.tools.suspended.has(route));
  }

  private mustFindItsRow(change: RoutedChange): boolean {
    return (change.kind === 'update' || change.kind === 'delete') && !this.tools.policy.toleratesMissing(change.kind);
  }

  private async learnTables(changes: RoutedChange[]): Promise<void> {
    for (const change of changes) {
      for (const route of routesOf(change)) {
        if (!this.tools.tables.get(route.target) && !this.tools.suspended.has(route)) await this.careful.learn(route);
      }
    }
  }

  /** The server's own error instead of its place in the pipeline. */
  private plain(error: unknown): unknown {
    if (!(error instanceof StepError)) return error;
    const shutOut = error.step.statement === this.hold.statement && (error.cause as DatabaseError).code === '22012';
    if (shutOut) return new FatalTaskError('another run of this task has taken it over; this one stops writing');
    return error.cause;
  }

  /** Applied counts become visible only with the commit. */
  private publish(): void {
    for (const { statistics, kind } of this.applied) statistics.applied(kind);
    this.applied = [];
  }
}

function concernsARow(error: unknown, hold: Statement): boolean {
  if (error instanceof UnidentifiedRowError || error instanceof RowMissingError) return true;
  if (!(error instanceof StepError) || !(error.cause instanceof DatabaseError)) return false;
  return error.step.statement !== hold && !notTheRow.test(error.cause.code ?? '');
}
