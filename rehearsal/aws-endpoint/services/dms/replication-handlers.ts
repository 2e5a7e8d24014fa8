import { ResourceNotFoundFault } from '@aws-sdk/client-database-migration-service';
import type * as sdk from '@aws-sdk/client-database-migration-service';
import { AwsError } from '../../wire/aws-error';
import type { Handlers } from '../../wire/service';
import { describeReplication, describeTables } from './descriptions';
import type { DmsState } from './dms-state';
import { filtered, recordsPage } from './filters';
import { invalidState } from './replication-task';
import type { ReplicationTask } from './replication-task';
import { startOrder } from './start-rules';

const filters = {
  'replication-config-arn': ({ seed }: ReplicationTask) => seed.arn,
  'replication-config-id': ({ identifier }: ReplicationTask) => identifier,
};

/** Serverless replications: the state machine of a task under the names of its own operations. */
export function replicationHandlers(state: DmsState): Handlers<typeof sdk> {
  const describe = (replication: ReplicationTask) => describeReplication(replication, state.startMilliseconds);
  return {
    DescribeReplications(input) {
      const found = filtered(state.replications, input.Filters, filters);
      if (found.length === 0 && (input.Filters?.length ?? 0) > 0) {
        const message = `No Replications found matching the following criteria: ${JSON.stringify(input.Filters)}`;
        throw new ResourceNotFoundFault({ message, $metadata: {} });
      }
      const { items, next } = recordsPage(found, input);
      return { Replications: items.map(describe), Marker: next };
    },

    StartReplication(input) {
      const replication = state.replication(input.ReplicationConfigArn);
      if (!replication.atRest)
        throw invalidState(`Replication cannot be started, invalid state: ${describe(replication).Status}`);
      if (input.CdcStartPosition !== undefined || input.CdcStartTime !== undefined)
        throw new AwsError(
          'InvalidParameterCombinationException',
          'A serverless replication does not support custom CDC start points',
        );
      const { engine } = state.endpoint(replication.seed.sourceEndpointArn);
      replication.start(startOrder(replication, { ...input, startType: input.StartReplicationType }, engine));
      return { Replication: describe(replication) };
    },

    StopReplication({ ReplicationConfigArn }) {
      const replication = state.replication(ReplicationConfigArn);
      replication.stop();
      return { Replication: describe(replication) };
    },

    DescribeReplicationTableStatistics(input) {
      const replication = state.replication(input.ReplicationConfigArn);
      const found = filtered(describeTables(replication), input.Filters, {
        'schema-name': (table) => table.SchemaName,
        'table-name': (table) => table.TableName,
        'table-state': (table) => table.TableState,
      });
      const { items, next } = recordsPage(found, input, [20, 500]);
      return { ReplicationConfigArn: replication.seed.arn, ReplicationTableStatistics: items, Marker: next };
    },
  };
}
