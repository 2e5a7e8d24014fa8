import type { ChangeSink } from './sinks/change-sink';
import type { ChangeSource, Snapshot } from './sources/change-source';
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
  const writers = Math.max(1, Math.min(MaxFullLoadSubTasks, routes.length));
  const snapshot = await source.openSnapshot(writers);
  const load = new Load(snapshot, sink, routes, options);
  options.stopping.addEventListener('abort', load.giveUp);
  try {
    await load.run(writers);
    if (options.stopping.aborted) return undefined;
    await sink.finishLoad(snapshot.position);
    return snapshot.position;
  } finally {
    options.stopping.removeEventListener('abort', load.giveUp);
    await snapshot.close();
  }
}

class Load {
  private readonly snapshot: Snapshot;
  private readonly sink: ChangeSink;
  private readonly routes: Route[];
  private readonly options: LoadOptions;
  private readonly waiting: { route: Route; columns: string[] }[] = [];
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
    for (const route of this.routes) this.waiting.push({ route, columns: await this.snapshot.columns(route.source) });
    await Promise.all(Array.from({ length: writers }, (_, writer) => this.work(writer)));
    if (this.failure) throw this.failure;
  }

  private async work(writer: number): Promise<void> {
    try {
      for (let next = this.waiting.shift(); next && !this.options.stopping.aborted; next = this.waiting.shift()) {
        await this.loadOne(writer, next.route, next.columns);
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

  private async loadOne(writer: number, route: Route, all: string[]): Promise<void> {
    const { statistics } = route;
    statistics.become('Full load');
    statistics.fullLoadRows = 0;
    const columns = all.filter((column) => route.column(column) !== undefined);
    const rows = this.snapshot.read(writer, route.source, columns);
    const counted = rows.pipe(countRows((count) => (statistics.fullLoadRows += count)));
    // Whoever reads `counted` sees the error, also when it came before anybody did.
    rows.on('error', (error) => counted.on('error', () => undefined).destroy(error));
    try {
      const targets = columns.map((column) => route.column(column) as string);
      statistics.fullLoadRows = await this.sink.load(writer, route, targets, counted);
      statistics.become('Table completed');
    } catch (error) {
      if (isRecoverable(error)) throw error;
      rows.unpipe(counted).resume();
      await this.snapshot.recover(writer);
      await (this.noting = this.noting.then(() => this.sink.tableFailed(route, error)));
    }
  }
}
