import type { Readable, Transform } from 'node:stream';
import type { Client } from 'pg';
import type { TransactionPart } from '../../change-queue';
import type { ErrorPolicy } from '../../error-policy';
import type { Connection, TaskRequest } from '../../messages';
import { connectPostgres } from '../../postgres/connection';
import { nameOf } from '../../row-change';
import { describe } from '../../task-errors';
import type { TaskSettings } from '../../task-settings';
import type { Route } from '../../table-mappings/route';
import type { ChangeSink, RunState, TaskProgress } from '../change-sink';
import { adaptationOf } from './adaptation';
import { adaptLines } from './adapt-lines';
import { Applier } from '../applier';
import { applyTarget } from './apply-target';
import type { ApplyTools } from './apply-tools';
import { BatchApplier } from './batch-applier';
import { CarefulApplier } from '../careful-applier';
import { ControlTables } from './control-tables';
import { emptyTables, loadTable } from './load-writer';
import { PieceWriter } from '../piece-writer';
import { Pipeline, type Step } from './pipeline';
import { Planner } from './planner';
import { targetTables } from './target-table';

/** PostgreSQL as the target of a task. */
export class PostgresSink implements ChangeSink {
  private readonly connection: Connection;
  private readonly client: Client;
  private readonly settings: TaskSettings;
  private readonly tools: ApplyTools;
  private readonly careful: CarefulApplier;
  private readonly applier: Applier<Step>;
  private readonly batches: BatchApplier;
  private readonly writers = new Map<number, Client>();
  /** Loads ask for their tables one after another: they share a session. */
  private asking: Promise<unknown> = Promise.resolve();

  private constructor(task: TaskRequest, client: Client, settings: TaskSettings, policy: ErrorPolicy) {
    this.connection = task.target;
    this.client = client;
    this.settings = settings;
    const tables = targetTables(client);
    this.tools = {
      pipeline: new Pipeline(client),
      planner: new Planner(tables),
      tables,
      control: new ControlTables(client, settings.ControlTablesSettings.ControlSchema, task.arn),
      policy,
      suspended: new Set(),
    };
    const target = applyTarget(this.tools);
    this.careful = new CarefulApplier(target, this.tools);
    const writer = new PieceWriter(target, this.careful, this.tools);
    this.applier = new Applier(target, writer);
    this.batches = new BatchApplier(this.tools, writer, this.applier);
  }

  /** Connects and makes the control tables. */
  static async open(task: TaskRequest, settings: TaskSettings, policy: ErrorPolicy): Promise<PostgresSink> {
    const client = await connectPostgres(task.target, `${task.identifier} target`, { role: 'target' });
    const sink = new PostgresSink(task, client, settings, policy);
    try {
      await sink.tools.control.create();
    } catch (error) {
      await sink.close();
      throw error;
    }
    return sink;
  }

  beginAnew(state: RunState): Promise<void> {
    return this.tools.control.beginAnew(state);
  }

  async takeOver(): Promise<RunState | undefined> {
    const state = await this.tools.control.takeOver();
    if (state) await this.batches.recall();
    return state;
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
    await emptyTables(this.client, present);
  }

  async load(writer: number, route: Route, columns: string[], rows: Readable): Promise<number> {
    const client = this.writers.get(writer) ?? (await connectPostgres(this.connection, 'load', { role: 'target' }));
    this.writers.set(writer, client);
    const hold = this.tools.control.holdRun((text) => ({ name: '', text }), true);
    return loadTable(client, hold, route, columns, rows, await this.adapting(route, columns));
  }

  /** A table that is not there is COPY's to refuse. */
  private async adapting(route: Route, columns: string[]): Promise<Transform | undefined> {
    const { tables } = this.tools;
    const asking = this.asking.then(() => tables.get(route.target) ?? tables.find(route.target));
    this.asking = asking.catch(() => undefined);
    const table = await asking;
    return table && adaptLines(columns.map((column) => adaptationOf(table, route, column)));
  }

  async abandonLoad(): Promise<void> {
    const writers = [...this.writers.values()];
    this.writers.clear();
    await Promise.allSettled(writers.map((client) => client.end()));
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
    return this.batches.interrupted ? this.batches.apply(parts) : this.applier.apply(parts);
  }

  applyBatch(parts: TransactionPart[]): Promise<void> {
    return this.batches.apply(parts);
  }

  savePosition(position: string): Promise<void> {
    return this.applier.apply([{ changes: [], size: 0, commit: { position, committedAtMilliseconds: Date.now() } }]);
  }

  async writeStatus(status: TaskProgress): Promise<void> {
    if (!this.settings.ControlTablesSettings.StatusTableEnabled) return;
    await this.tools.control.writeStatus(status);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.client.end(), this.abandonLoad()]);
  }
}
