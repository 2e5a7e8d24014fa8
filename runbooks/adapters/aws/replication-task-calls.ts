import type { StartReplicationTaskMessage } from '@aws-sdk/client-database-migration-service';
import { UsageError } from '../../ports/failures';
import type { AwsClients } from './clients';
import { during } from './during';
import { hasEverRun, tableReadings, type TaskCalls, type TaskName } from './task-calls';

/** A task that runs on a replication instance. */
export function replicationTaskCalls(clients: AwsClients, { arn, identifier }: TaskName): TaskCalls {
  const missing = (cause?: unknown) =>
    new UsageError('task-missing', `DMS task ${identifier} (${arn}) does not exist`, { next: 'cdk deploy', cause });
  const describe = async (signal: AbortSignal) => {
    const { sdk, client } = await clients.dms();
    const input = { Filters: [{ Name: 'replication-task-arn', Values: [arn] }], WithoutSettings: true };
    try {
      const { ReplicationTasks } = await during(signal, (options) =>
        client.send(new sdk.DescribeReplicationTasksCommand(input), options),
      );
      if (!ReplicationTasks?.[0]) throw missing();
      return ReplicationTasks[0];
    } catch (error) {
      throw error instanceof sdk.ResourceNotFoundFault ? missing(error) : error;
    }
  };
  return {
    async describe(signal) {
      const task = await describe(signal);
      const status = task.Status ?? 'unknown';
      const stats = task.ReplicationTaskStats;
      return {
        status,
        stopReason: task.StopReason,
        lastFailure: task.LastFailureMessage,
        fullLoadPercent: stats?.FullLoadProgressPercent,
        tablesErrored: stats?.TablesErrored ?? 0,
        hasRun: hasEverRun(task.ReplicationTaskStartDate, status),
      };
    },

    async tablePage(marker, signal) {
      const { sdk, client } = await clients.dms();
      const input = { ReplicationTaskArn: arn, MaxRecords: 500, Marker: marker };
      const page = await during(signal, (options) =>
        client.send(new sdk.DescribeTableStatisticsCommand(input), options),
      );
      return { tables: tableReadings(page.TableStatistics), next: page.Marker };
    },

    async start({ startType, position }, signal) {
      const { sdk, client } = await clients.dms();
      const input: StartReplicationTaskMessage = {
        ReplicationTaskArn: arn,
        StartReplicationTaskType: startType,
        ...(position === undefined ? {} : { CdcStartPosition: position }),
      };
      await during(signal, (options) => client.send(new sdk.StartReplicationTaskCommand(input), options));
    },

    async stop(signal) {
      const { sdk, client } = await clients.dms();
      await during(signal, (options) =>
        client.send(new sdk.StopReplicationTaskCommand({ ReplicationTaskArn: arn }), options),
      );
    },
  };
}
