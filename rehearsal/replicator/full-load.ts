import type { ChangeSink } from './sinks/change-sink';
import type { ChangeSource, KeyRange, Snapshot } from './sources/change-source';
import { countRows } from './count-rows';
import { isRecoverable } from './task-errors';
import type { TaskSettings } from './task-settings';
import type { Route } from './table-mappings/route';

export interface LoadOptions {
  settings: TaskSettings;
  /** Empty the tables whatever the settings say: an interrupted load has left some of them filled. */
  again: boolean;
  stopping: AbortSignal;
  progress: (percent: number) => void;
}

/**
 * Loads all tables from one snapshot, several at a time, and answers the position where changes follow.
 * Undefined when it was told to stop before the end. A table that fails is suspended as the settings say.
 */
export async function fullLoad(
  source: ChangeSource,
  sink: ChangeSink,
  routes: Route[],
  options: LoadOptions,
): Promise<string | undefined> {
  const { TargetTablePrepMode, MaxFullLoadSubTasks } = options.settings.FullLoadSettings;
  if (options.again || TargetTablePrepMode === 'TRUNCATE_BEFORE_LOAD') await sink.empty(routes);
  const snapshot = await source.openSnapshot(MaxFullLoadSubTasks, routes.length);
  const load = new Load(snapshot, sink, routes, options);
  options.stopping.addEventListener('abort', load.giveUp);
  try {
    await load.run(snapshot.readers);
    if (options.stopping.aborted) return undefined;
    await sink.finishLoad(snapshot.position);
    return snapshot.position;
  } finally {
    options.stopping.removeEventListener('abort', load.giveUp);
    await snapshot.close();
  }
}

/** A table on its way, in one piece or, where it is large, in several that are loaded side by side. */
interface LoadedTable {
  route: Route;
  columns: string[];
  /** Pieces that are not finished. */
  left: number;
  rows: number;
  failure?: unknown;
}

class Load {
  private readonly snapshot: Snapshot;
  private readonly sink: ChangeSink;
  private readonly routes: Route[];
  private readonly options: LoadOptions;
  private readonly waiting: { table: LoadedTable; range: KeyRange }[] = [];
  private failure: Error | undefined;
  /** Failures are written one after another: they share a session of the target. */
  private noting: Promise<void> = Promise.resolve();

  constructor(snapshot: Snapshot, sink: ChangeSink, routes: Route[], options: LoadOptions) {
    this.snapshot = snapshot;
    this.sink = sink;
    this.routes = routes;
    this.options = options;
  }

  /** Ends every session that reads or writes, so that even a table that waits for a lock is let go. */
  readonly giveUp = (): void => void Promise.all([this.snapshot.close(), this.sink.abandonLoad()]);

  async run(writers: number): Promise<void> {
    for (const route of this.routes) route.statistics.become('Before load');
    for (const route of this.routes) {
      const all = await this.snapshot.columns(route.source);
      const columns = all.filter((column) => route.column(column) !== undefined);
      const ranges = await this.snapshot.ranges(route.source);
      const table = { route, columns, left: ranges.length, rows: 0 };
      for (const range of ranges) this.waiting.push({ table, range });
    }
    await Promise.all(Array.from({ length: writers }, (_, writer) => this.work(writer)));
    if (this.failure) throw this.failure;
  }

  private async work(writer: number): Promise<void> {
    try {
      for (let next = this.waiting.shift(); next && !this.options.stopping.aborted; next = this.waiting.shift()) {
        await this.loadPiece(writer, next.table, next.range);
        const left = this.routes.filter(
          ({ statistics: { state } }) => state === 'Before load' || state === 'Full load',
        );
        this.options.progress(Math.floor(100 - (left.length * 100) / this.routes.length));
      }
    } catch (error) {
      // The first failure is the cause; it ends the other sessions.
      this.failure ??= error as Error;
      this.waiting.length = 0;
      this.giveUp();
    }
  }

  private async loadPiece(writer: number, table: LoadedTable, range: KeyRange): Promise<void> {
    if (table.failure === undefined) {
      try {
        const rows = await this.copy(writer, table, range);
        table.rows += rows;
      } catch (error) {
        if (isRecoverable(error)) throw error;
        table.failure = error;
        await this.snapshot.recover(writer);
      }
    }
    table.left--;
    if (table.left === 0) await this.finish(table);
  }

  private async copy(writer: number, { route, columns }: LoadedTable, range: KeyRange): Promise<number> {
    const { statistics } = route;
    if (statistics.state !== 'Full load') {
      statistics.become('Full load');
      statistics.fullLoadRows = 0;
    }
    const rows = this.snapshot.read(writer, route.source, columns, range);
    const counted = rows.pipe(countRows((count) => (statistics.fullLoadRows += count)));
    // Whoever reads `counted` sees the error, also when it came before anybody did.
    rows.on('error', (error) => counted.on('error', () => undefined).destroy(error));
    try {
      const targets = columns.map((column) => route.column(column) as string);
      return await this.sink.load(writer, route, targets, counted);
    } catch (error) {
      rows.unpipe(counted).resume();
      throw error;
    }
  }

  /** A table is there as a whole or not at all: what the pieces before a failure brought goes again. */
  private async finish({ route, rows, failure }: LoadedTable): Promise<void> {
    if (failure === undefined) {
      route.statistics.fullLoadRows = rows;
      route.statistics.become('Table completed');
      return;
    }
    await (this.noting = this.noting.then(async () => {
      if (rows > 0) await this.sink.empty([route]);
      await this.sink.tableFailed(route, failure);
    }));
  }
}
