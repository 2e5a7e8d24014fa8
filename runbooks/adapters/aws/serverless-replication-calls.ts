import { UsageError } from '../../ports/failures';
import type { AwsClients } from './clients';
import { during } from './during';
import { hasEverRun, tableReadings, type TaskCalls, type TaskName } from './task-calls';

/**
 * Statuses of a serverless replication in the words of a task. It connects, counts and provisions before it replicates;
 * all of that is `starting` (AWS DMS User Guide, "AWS DMS Serverless components").
 */
const statuses: Record<string, string> = {
  created: 'ready',
  initializing: 'starting',
  preparing_metadata_resources: 'starting',
  testing_connection: 'starting',
  fetching_metadata: 'starting',
  calculating_capacity: 'starting',
  provisioning_capacity: 'starting',
  replication_starting: 'starting',
};

/** A replication without an instance. It loads and follows; it takes no position to start from. */
export function serverlessReplicationCalls(clients: AwsClients, { arn, identifier }: TaskName): TaskCalls {
  const missing = (cause?: unknown) =>
    new UsageError('task-missing', `DMS serverless replication ${identifier} (${arn}) does not exist`, {
      next: 'cdk deploy',
      cause,
    });
  const describe = async (signal: AbortSignal) => {
    const { sdk, client } = await clients.dms();
    const input = { Filters: [{ Name: 'replication-config-arn', Values: [arn] }] };
    try {
      const { Replications } = await during(signal, (options) =>
        client.send(new sdk.DescribeReplicationsCommand(input), options),
      );
      if (!Replications?.[0]) throw missing();
      return Replications[0];
    } catch (error) {
      throw error instanceof sdk.ResourceNotFoundFault ? missing(error) : error;
    }
  };
  return {
    async describe(signal) {
      const replication = await describe(signal);
      const said = (replication.Status ?? 'unknown').toLowerCase().replaceAll(' ', '_');
      const status = statuses[said] ?? said;
      const stats = replication.ReplicationStats;
      return {
        status,
        stopReason: replication.StopReason,
        lastFailure: replication.FailureMessages?.join('; '),
        fullLoadPercent: stats?.FullLoadProgressPercent,
        tablesErrored: stats?.TablesErrored ?? 0,
        hasRun: hasEverRun(stats?.StartDate, status),
      };
    },

    async tablePage(marker, signal) {
      const { sdk, client } = await clients.dms();
      const input = { ReplicationConfigArn: arn, MaxRecords: 500, Marker: marker };
      const page = await during(signal, (options) =>
        client.send(new sdk.DescribeReplicationTableStatisticsCommand(input), options),
      );
      return { tables: tableReadings(page.ReplicationTableStatistics), next: page.Marker };
    },

    async start({ startType, position }, signal) {
      if (position !== undefined)
        throw new Error(`DMS serverless replication ${identifier} cannot start from a position, ${position}`);
      const { sdk, client } = await clients.dms();
      const input = { ReplicationConfigArn: arn, StartReplicationType: startType };
      await during(signal, (options) => client.send(new sdk.StartReplicationCommand(input), options));
    },

    async stop(signal) {
      const { sdk, client } = await clients.dms();
      await during(signal, (options) =>
        client.send(new sdk.StopReplicationCommand({ ReplicationConfigArn: arn }), options),
      );
    },
  };
}
