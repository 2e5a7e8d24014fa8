import type { TransactionPart } from '../../change-queue';
import { netChanges } from '../../net-changes';
import { routesOf, type RoutedChange } from '../../routed-change';
import { nameOf } from '../../row-change';
import type { Route } from '../../table-mappings/route';
import type { Applier } from '../applier';
import type { PieceWriter } from '../piece-writer';
import type { ApplyTools } from './apply-tools';
import type { Step } from './pipeline';

/**
 * DMS's batch apply: the net effect of many transactions, table by table, each table in its own transaction in the
 * order of the names. Where each table got to is remembered with it, so that a killed batch goes on where it stood.
 */
export class BatchApplier {
  private readonly tools: ApplyTools;
  private readonly writer: PieceWriter<Step>;
  private readonly applier: Applier<Step>;
  /** Per target table: the end of a batch that broke off. Its changes up to there are applied already. */
  private readonly ahead = new Map<string, string>();

  constructor(tools: ApplyTools, writer: PieceWriter<Step>, applier: Applier<Step>) {
    this.tools = tools;
    this.writer = writer;
    this.applier = applier;
  }

  /** Reads how far an interrupted batch came. */
  async recall(): Promise<void> {
    for (const { owner, table, position } of await this.tools.control.tablePositions()) {
      this.ahead.set(nameOf({ schema: owner, table }), position);
    }
  }

  /** True while changes of an interrupted batch come a second time. */
  get interrupted(): boolean {
    return this.ahead.size > 0;
  }

  async apply(parts: TransactionPart[]): Promise<void> {
    const statement = (text: string) => this.tools.planner.statement(text);
    const { control } = this.tools;
    const left = this.withoutApplied(parts);
    const reached = left.flatMap((part) => part.commit?.position ?? []);
    const clear = control.clearTablePositions(statement, reached);
    const position = left.at(-1)?.commit?.position;
    const changes = left.flatMap((part) => part.changes);
    // A piece of a large transaction, or one that empties tables, keeps its place in the order.
    if (position === undefined || changes.some((change) => change.kind === 'truncate')) {
      return this.applier.apply(left, [clear]);
    }
    for (const [route, single] of byTable(changes)) await this.applyTable(route, single, position);
    await this.writer.atOnce([], [control.savePosition(statement, position), clear]);
  }

  private async applyTable(route: Route, single: RoutedChange[], position: string): Promise<void> {
    const { schema, table } = route.target;
    const statement = (text: string) => this.tools.planner.statement(text);
    const last = [this.tools.control.saveTablePosition(statement, schema, table, position)];
    if (await this.writer.atOnce(netChanges(route, single) ?? single, last, single)) return;
    await this.writer.rowByRow(single, last);
  }

  /** Leaves out what an interrupted batch has applied: for each table everything up to the end of that batch. */
  private withoutApplied(parts: TransactionPart[]): TransactionPart[] {
    if (this.ahead.size === 0) return parts;
    return parts.map((part) => {
      const changes = part.changes.filter(
        (change) => !routesOf(change).every((route) => this.ahead.has(nameOf(route.target))),
      );
      for (const [table, position] of this.ahead) if (part.commit?.position === position) this.ahead.delete(table);
      return { ...part, changes };
    });
  }
}

/** Each table's changes in their order; the tables by their names. */
function byTable(changes: RoutedChange[]): [Route, RoutedChange[]][] {
  const tables = new Map<Route, RoutedChange[]>();
  for (const change of changes) {
    const [route] = routesOf(change) as [Route];
    const known = tables.get(route);
    if (known) known.push(change);
    else tables.set(route, [change]);
  }
  return [...tables].sort(([a], [b]) => (nameOf(a.target) < nameOf(b.target) ? -1 : 1));
}
