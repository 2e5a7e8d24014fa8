import type { Direction } from '../../../definition/manifest/sections';
import type { ReplicationTask } from '../../ports/replication';
import type { World } from '../../ports/world';
import { no, safety, wouldCheck, yes, type Gate } from '../gate';
import { runningTask, tasksOf, type SwitchNotes } from '../migration-run';
import { sideTo } from '../situation';

type Tasks = Pick<World, 'tasks' | 'manifest'>;

const taskName = ({ tasks }: Tasks, task: ReplicationTask) =>
  (['load', 'forward', 'reverse'] as const).find((name) => tasks[name] === task) ?? 'load';

/** The replication of a direction runs, and nothing was dropped on the way. */
export const replicationGates = (world: World, direction: Direction): Gate[] => [
  ...taskGates(world, direction),
  appliedGate(world, direction),
];

/** What DMS alone says of that. */
export const taskGates = (world: Tasks, direction: Direction): Gate[] => [
  safety(`Replication ${direction} is running`, async (signal) => {
    const running = await runningTask(world, direction, signal);
    if (running) return yes(running.identifier);
    const readings = await Promise.all(
      tasksOf(world, direction).map(async (task) => {
        const { status, lastFailure, stopReason } = await task.read(signal);
        return `${task.identifier} is ${status}${status === 'failed' ? ` (${lastFailure ?? stopReason ?? 'no reason given'})` : ''}`;
      }),
    );
    return no({
      code: 'task-not-running',
      text: `no ${direction} replication task is running: ${readings.join(', ')}`,
      value: readings.join(', '),
      limit: 'running',
      setting: `replication.${direction}`,
      next: `aws dms describe-replication-tasks --filters Name=replication-task-id,Values=${tasksOf(world, direction)
        .map((task) => task.identifier)
        .join(',')}`,
    });
  }),
  safety('Every table is replicated', async (signal) => {
    const task = await runningTask(world, direction, signal);
    if (!task) return wouldCheck('once the task runs');
    const broken = (await task.tables(signal)).filter((table) => table.state !== 'Table completed');
    if (broken.length === 0) return yes();
    return no({
      code: 'table-not-replicated',
      text: `${broken.map((table) => `${table.table} is in state "${table.state}"`).join(', ')}; every table must be "Table completed"`,
      value: broken.length,
      limit: 0,
      unit: 'tables',
      setting: 'tables',
      next: `aws dms reload-tables --replication-task-arn ${world.manifest.replication[taskName(world, task)].arn} --tables-to-reload ${broken
        .map(({ table }) => `SchemaName=${table.split('.')[0]},TableName=${table.slice(table.indexOf('.') + 1)}`)
        .join(' ')}`,
    });
  }),
];

/** The side that a direction writes to has taken everything. */
export const appliedGate = (world: World, direction: Direction): Gate =>
  safety('Nothing was refused while applying', async (signal) => {
    const { fitness } = world.sides[sideTo(direction)];
    const { controlSchema } = world.manifest.replication;
    const rows = await fitness.exceptionRows(signal);
    const suspended = await fitness.suspendedTables(signal);
    if (rows === 0 && suspended.length === 0) return yes();
    return no({
      code: 'apply-exceptions',
      text: `${rows} rows stand in ${controlSchema}.awsdms_apply_exceptions of the ${sideTo(direction)}, 0 are allowed${
        suspended.length > 0 ? `; DMS has suspended ${suspended.join(', ')}` : ''
      }`,
      value: rows + suspended.length,
      limit: 0,
      unit: 'rows',
      setting: 'replication.controlSchema',
      next:
        rows > 0
          ? `SELECT * FROM ${controlSchema}.awsdms_apply_exceptions on the ${sideTo(direction)}; repair those rows, cutover verify, then empty the table`
          : `reload ${suspended.join(', ')} in DMS, then empty ${controlSchema}.awsdms_suspended_tables`,
    });
  });

/** A marker sent through replication came back in time. */
export const markerGate = (world: World, notes: SwitchNotes): Gate =>
  safety('A marker passes through replication in time', async () => {
    if (notes.markerMilliseconds === undefined) return wouldCheck('with a marker that the run writes');
    const limit = world.manifest.gates.maxMarkerRoundTripSeconds;
    const seconds = notes.markerMilliseconds / 1000;
    if (seconds <= limit) return yes(`${notes.markerMilliseconds} ms`);
    return no({
      code: 'marker-too-slow',
      text: `a marker was under way through replication for ${seconds.toFixed(2)} s, ${limit} s are allowed`,
      value: seconds,
      limit,
      unit: 's',
      setting: 'gates.maxMarkerRoundTripSeconds',
      next: 'cutover watch --execute',
    });
  });
