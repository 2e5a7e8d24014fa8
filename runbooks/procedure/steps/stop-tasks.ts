import type { ReplicationTask } from '../../ports/replication';
import type { Step } from '../step';

/** Stops the tasks that have ever run and are not down already. */
export const stopTasks = (title: string, tasks: readonly ReplicationTask[]): Step => ({
  title,
  touches: tasks.map((task) => task.identifier).join(', '),
  act: async (perform, signal) => {
    for (const task of tasks) {
      const { status, hasRun } = await task.read(signal);
      if (hasRun && status !== 'stopped' && status !== 'failed') await perform(task.stop());
    }
  },
});
