import type { Readable } from 'node:stream';
import type { Connection as Session } from 'mysql2/promise';
import type { TransactionPart } from '../../change-queue';
import type { ErrorPolicy } from '../../error-policy';
import type { Connection, TaskRequest } from '../../messages';
import { connectMysql } from '../../mysql/connection';
import { nameOf } from '../../row-change';
import { describe } from '../../task-errors';
import type { TaskSettings } from '../../task-settings';
import type { Route } from '../../table-mappings/route';
import type { ChangeSink, RunState, TaskProgress } from '../change-sink';
import { Applier } from '../applier';
import { CarefulApplier } from '../careful-applier';
import { PieceWriter } from '../piece-writer';
import { applyTarget } from './apply-target';
import type { ApplyTools } from './apply-tools';
import { ControlTables } from './control-tables';
import { emptyTables, loadTable } from './load-writer';
import { Planner } from './planner';
import { Script } from './script';
import { targetTables } from './target-table';

/** MySQL or MariaDB as the target of a task. */
export class MysqlSink implements ChangeSink {
  private readonly connection: Connection;
  private readonly session: Session;
  private readonly settings: TaskSettings;
  private readonly tools: ApplyTools;
  private readonly careful: CarefulApplier;
  private readonly applier: Applier<string>;
  private readonly writers = new Map<number, Session>();
  /** Loads ask for their tables one after another: they share a session. */
  private asking: Promise<unknown> = Promise.resolve();

  private constructor(connection: Connection, session: Session, settings: TaskSettings, tools: ApplyTools) {
    this.connection = connection;
    this.session = session;
    this.settings = settings;
    this.tools = tools;
    const target = applyTarget(tools);
    this.careful = new CarefulApplier(target, tools);
    this.applier = new Applier(target, new PieceWriter(target, this.careful, tools));
  }

  /** Connects and makes the control tables. */
  static async open(task: TaskRequest, settings: TaskSettings, policy: ErrorPolicy): Promise<MysqlSink> {
    const session = await connectMysql(task.target, `${task.identifier} target`, { role: 'target' });
    try {
      const control = new ControlTables(session, settings.ControlTablesSettings.ControlSchema, task.arn);
      await control.create();
      const tables = targetTables(session);
      const [script, planner] = [await Script.on(session), new Planner(tables)];
      return new MysqlSink(task.target, session, settings, {
        ...{ script, planner, tables, control, policy },
        suspended: new Set(),
      });
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  beginAnew(state: RunState): Promise<void> {
    return this.tools.control.beginAnew(state);
  }

  takeOver(): Promise<RunState | undefined> {
    return this.tools.control.takeOver();
  }

  async recallSuspended(routes: Route[]): Promise<void> {
    for (const { owner, table } of await this.tools.control.suspended()) {
      for (const route of routes) {
        if (nameOf(route.target) !== nameOf({ schema: owner, table })) continue;
        this.tools.suspended.add(route);
        route.statistics.become('Table error');
      }
    }
  }

  /** Tables that are not there are left to the load, which says so of each. */
  async empty(routes: Route[]): Promise<void> {
    const present: Route[] = [];
    for (const route of routes) if (await this.tools.tables.find(route.target)) present.push(route);
    await emptyTables(this.session, present);
  }

  async load(writer: number, route: Route, columns: string[], rows: Readable): Promise<number> {
    const session = this.writers.get(writer) ?? (await connectMysql(this.connection, 'load', { role: 'target' }));
    this.writers.set(writer, session);
    const { control, planner, tables } = this.tools;
    const asking = this.asking.then(() => tables.learn(route.target));
    this.asking = asking.catch(() => undefined);
    return loadTable(session, control, planner, { table: await asking, route }, columns, rows);
  }

  abandonLoad(): Promise<void> {
    for (const session of this.writers.values()) session.destroy();
    this.writers.clear();
    return Promise.resolve();
  }

  async finishLoad(position: string): Promise<void> {
    await this.abandonLoad();
    await this.savePosition(position);
  }

  async tableFailed(route: Route, error: unknown): Promise<void> {
    this.tools.policy.judgeTable(nameOf(route.target), error);
    await this.careful.suspend(route, describe(error));
  }

  apply(parts: TransactionPart[]): Promise<void> {
    return this.applier.apply(parts);
  }

  /** What was gathered goes into one transaction, in its order: nothing that DMS's own batches promise is missing. */
  applyBatch(parts: TransactionPart[]): Promise<void> {
    return this.apply(parts);
  }

  savePosition(position: string): Promise<void> {
    return this.apply([{ changes: [], size: 0, commit: { position, committedAtMilliseconds: Date.now() } }]);
  }

  async writeStatus(status: TaskProgress): Promise<void> {
    if (!this.settings.ControlTablesSettings.StatusTableEnabled) return;
    await this.tools.control.writeStatus(status);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.session.end(), this.abandonLoad()]);
  }
}
