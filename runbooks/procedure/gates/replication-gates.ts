import type { Direction } from '../../../definition/manifest/sections';
import type { World } from '../../ports/world';
import { no, safety, wouldCheck, yes, type Gate } from '../gate';
import { runningTask, tasksOf, type SwitchNotes } from '../migration-run';
import { sideTo } from '../situation';

/** The replication of a direction runs, and nothing was dropped on the way. */
export const replicationGates = (world: World, direction: Direction): Gate[] => [
  safety(`Replication ${direction} is running`, async (signal) => {
    const running = await runningTask(world, direction, signal);
    if (running) return yes(running.identifier);
    const readings = await Promise.all(
      tasksOf(world, direction).map(async (task) => `${task.identifier} is ${(await task.read(signal)).status}`),
    );
    return no({
      code: 'task-not-running',
      text: `no ${direction} replication task is running: ${readings.join(', ')}`,
      value: readings.join(', '),
      limit: 'running',
      setting: `replication.${direction}`,
      next: 'look at the task in DMS (last failure message), then start it again',
    });
  }),
  safety('Every table is replicated', async (signal) => {
    const task = await runningTask(world, direction, signal);
    if (!task) return wouldCheck('once the task runs');
    const broken = (await task.tables(signal)).filter((table) => table.state !== 'Table completed');
    if (broken.length === 0) return yes();
    return no({
      code: 'table-not-replicated',
      text: `${broken.map((table) => `${table.table} is in state "${table.state}"`).join(', ')}`,
      value: broken.length,
      limit: 0,
      unit: 'tables',
      next: 'repair the table and reload it in DMS before you go on',
    });
  }),
  safety('Nothing was refused while applying', async (signal) => {
    const fitness = world.sides[sideTo(direction)].fitness;
    const rows = await fitness.exceptionRows(signal);
    const suspended = await fitness.suspendedTables(signal);
    if (rows === 0 && suspended.length === 0) return yes();
    return no({
      code: 'apply-exceptions',
      text: `${rows} rows stand in ${world.manifest.replication.controlSchema}.awsdms_apply_exceptions of the ${sideTo(direction)}${
        suspended.length > 0 ? `, suspended: ${suspended.join(', ')}` : ''
      }`,
      value: rows,
      limit: 0,
      unit: 'rows',
      next: 'repair those rows, verify, then empty the exception table',
    });
  }),
];

/** A marker sent through replication came back in time. */
export const markerGate = (world: World, notes: SwitchNotes): Gate =>
  safety('A marker passes through replication in time', async () => {
    if (notes.markerMilliseconds === undefined) return wouldCheck('with a marker that the run writes');
    const limit = world.manifest.gates.maxMarkerRoundTripSeconds;
    const seconds = notes.markerMilliseconds / 1000;
    if (seconds <= limit) return yes(`${notes.markerMilliseconds} ms`);
    return no({
      code: 'marker-too-slow',
      text: `a marker took ${seconds.toFixed(2)} s through replication, ${limit} s are allowed`,
      value: seconds,
      limit,
      unit: 's',
      setting: 'gates.maxMarkerRoundTripSeconds',
    });
  });
