import { Transform } from 'node:stream';
import type { ChangeSink } from './sinks/change-sink';
import type { ChangeSource, Snapshot } from './sources/change-source';
import { isRecoverable } from './task-errors';
import type { TaskSettings } from './task-settings';
import type { Route } from './table-mappings/route';

/**
 * Loads all tables from one snapshot, several at a time, and answers the position where changes follow.
 * Undefined when it was told to stop before the end. `again` empties the tables whatever the settings say: an
 * interrupted load has left some of them filled.
 */
export async function fullLoad(
  source: ChangeSource,
  sink: ChangeSink,
  routes: Route[],
  settings: TaskSettings,
  again: boolean,
  stopping: AbortSignal,
  progress: (percent: number) => void,
): Promise<string | undefined> {
  const { TargetTablePrepMode, MaxFullLoadSubTasks } = settings.FullLoadSettings;
  if (again || TargetTablePrepMode === 'TRUNCATE_BEFORE_LOAD') await sink.empty(routes);
  const writers = Math.max(1, Math.min(MaxFullLoadSubTasks, routes.length));
  const snapshot = await source.openSnapshot(writers);
  const giveUp = () => void snapshot.close();
  stopping.addEventListener('abort', giveUp);
  try {
    const waiting = [...routes];
    const work = async (writer: number): Promise<void> => {
      for (let route = waiting.shift(); route && !stopping.aborted; route = waiting.shift()) {
        await loadOne(snapshot, sink, writer, route);
        const done = routes.filter(
          (each) => each.statistics.state !== 'Before load' && each.statistics.state !== 'Full load',
        );
        progress(Math.floor((done.length * 100) / routes.length));
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: writers }, (_, writer) => work(writer)));
    const failure = ended.find((each) => each.status === 'rejected');
    if (failure) throw failure.reason as Error;
    if (stopping.aborted) return undefined;
    await sink.finishLoad(snapshot.position);
    return snapshot.position;
  } finally {
    stopping.removeEventListener('abort', giveUp);
    await snapshot.close();
  }
}

async function loadOne(snapshot: Snapshot, sink: ChangeSink, writer: number, route: Route): Promise<void> {
  const { statistics } = route;
  statistics.become('Full load');
  try {
    const sources = (await snapshot.columns(route.source)).filter((column) => route.column(column) !== undefined);
    const targets = sources.map((column) => route.column(column) as string);
    const rows = snapshot.read(writer, route.source, sources);
    const counted = rows.pipe(countRows((count) => (statistics.fullLoadRows += count)));
    rows.on('error', (error) => counted.destroy(error));
    statistics.fullLoadRows = 0;
    statistics.fullLoadRows = await sink.load(writer, route, targets, counted);
    statistics.become('Table completed');
  } catch (error) {
    if (isRecoverable(error)) throw error;
    await sink.tableFailed(route, error);
  }
}

/** In COPY text a line feed ends a row and stands nowhere else. */
function countRows(add: (count: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let count = 0;
      for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) count++;
      add(count);
      done(null, chunk);
    },
  });
}
