import type { Manifest } from '../../../definition/manifest/sections';
import type { World } from '../../ports/world';
import { systemClock } from '../clock';
import type { AwsClients } from './clients';
import { DmsTask, type TaskOptions } from './replication-task';

/** The three tasks of a migration, as its manifest names them. */
export function tasksOf(
  clients: AwsClients,
  { replication, timing }: Manifest,
  assertHeld: TaskOptions['assertHeld'],
): World['tasks'] {
  const task = (name: keyof World['tasks']) =>
    new DmsTask({
      ...replication[name],
      clients,
      clock: systemClock,
      instanceArn: replication.instanceArn,
      metricPeriodSeconds: replication.metricPeriodSeconds,
      timeoutSeconds: timing.taskTimeoutSeconds,
      assertHeld,
    });
  return { load: task('load'), forward: task('forward'), reverse: task('reverse') };
}
