import { DeadlineError, until, within } from '../deadline';
import { rowOf, runningTask, type SwitchRun } from '../migration-run';
import type { Step } from '../step';

/** The fence is tried on an account of our own before any account of the application depends on it. */
export const proveFence = ({ world }: SwitchRun): Step => ({
  title: 'Prove on a canary account that both sides can be fenced',
  touches: 'one account of our own per side, created and dropped',
  act: async (perform) => {
    for (const side of [world.sides.source, world.sides.target]) await perform(side.gate.rehearseFence());
  },
});

export const closeTarget = ({ world }: SwitchRun): Step => ({
  title: 'Close the target: the application’s accounts are locked there',
  touches: 'login of the application’s accounts on the target',
  act: async (perform) => {
    await perform(world.sides.target.gate.fence({ adoptsLocked: true }));
    await perform(world.sides.target.gate.endSessions());
  },
});

export const loadTables = ({ world, reporter }: SwitchRun): Step => {
  const task = world.tasks.load;
  return {
    title: 'Load every table and follow its changes',
    touches: task.identifier,
    done: async (signal) => {
      // Once writes were switched the load task is history; a later `start` must not wake it.
      return (await runningTask(world, 'forward', signal)) !== undefined && (await isLoaded(task, signal));
    },
    act: async (perform, signal) => {
      await perform(task.startLoad());
      await within(world.clock, world.manifest.timing.fullLoadTimeoutSeconds, 'the full load', signal, (inner) =>
        until(world.clock, 1000, inner, async () => {
          const reading = await task.read(inner);
          reporter.report({
            type: 'progress',
            text: `full load ${reading.fullLoadPercent ?? 0} %`,
            data: { fullLoadPercent: reading.fullLoadPercent },
          });
          if (reading.status === 'failed')
            throw new DeadlineError(`${task.identifier} failed: ${reading.lastFailure ?? 'no message'}`);
          return isLoaded(task, inner);
        }),
      );
    },
  };
};

async function isLoaded(task: SwitchRun['world']['tasks']['load'], signal: AbortSignal): Promise<boolean> {
  if ((await task.read(signal)).status !== 'running') return false;
  const tables = await task.tables(signal);
  return tables.length > 0 && tables.every((table) => table.state === 'Table completed');
}

export const analyseTarget = ({ world }: SwitchRun): Step => ({
  title: 'Give the target’s planner statistics',
  touches: 'planner statistics of the migrated tables on the target',
  act: (perform) => perform(world.sides.target.analyse()),
});

export const becomeSteady = (run: SwitchRun): Step => ({
  title: 'Note on both sides that the source is primary',
  touches: 'cutover_local.state on both sides',
  act: async (perform) => {
    const row = { ...rowOf(run, 'steady', 'source'), switchEpoch: 0 };
    for (const side of [run.world.sides.target, run.world.sides.source]) await perform(side.control.writeState(row));
  },
});
