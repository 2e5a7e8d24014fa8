import { ResourceNotFoundFault } from '@aws-sdk/client-database-migration-service';
import type * as sdk from '@aws-sdk/client-database-migration-service';
import { AwsError } from '../../wire/aws-error';
import type { Handlers } from '../../wire/service';
import { describeTables, describeTask } from './descriptions';
import type { DmsState } from './dms-state';
import { filtered, recordsPage } from './filters';
import { invalidState } from './replication-task';
import type { ReplicationTask } from './replication-task';
import { startOrder } from './start-rules';

const maximumReloads = 10;

const taskFilters = {
  'replication-task-arn': (task: ReplicationTask) => task.seed.arn,
  'replication-task-id': (task: ReplicationTask) => task.identifier,
  'migration-type': (task: ReplicationTask) => task.seed.migrationType,
  'replication-instance-arn': (task: ReplicationTask) => task.seed.replicationInstanceArn,
};

function checkJson(name: string, text: string | undefined): void {
  if (text === undefined) return;
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError('InvalidParameterValueException', `Invalid ${name} document. Unable to parse JSON`);
  }
}

/** Tasks: their description, start, stop, change, and what they say of their tables. */
export function taskHandlers(state: DmsState): Handlers<typeof sdk> {
  return {
    DescribeReplicationTasks(input) {
      const endpointFilter = input.Filters?.find(({ Name }) => Name === 'endpoint-arn')?.Values;
      const others = input.Filters?.filter(({ Name }) => Name !== 'endpoint-arn');
      const found = filtered(state.tasks, others, taskFilters).filter(
        ({ seed }) =>
          endpointFilter?.some((arn) => arn === seed.sourceEndpointArn || arn === seed.targetEndpointArn) ?? true,
      );
      if (found.length === 0 && (input.Filters?.length ?? 0) > 0) {
        const message = `No Tasks found matching the following criteria: ${JSON.stringify(input.Filters)}`;
        throw new ResourceNotFoundFault({ message, $metadata: {} });
      }
      const { items, next } = recordsPage(found, input);
      return { ReplicationTasks: items.map((task) => describeTask(task, input.WithoutSettings)), Marker: next };
    },

    StartReplicationTask(input) {
      const task = state.task(input.ReplicationTaskArn);
      if (!task.atRest) throw invalidState(`Replication Task cannot be started, invalid state: ${task.status}`);
      const { engine } = state.endpoint(task.seed.sourceEndpointArn);
      task.start(startOrder(task, { ...input, startType: input.StartReplicationTaskType }, engine));
      return { ReplicationTask: describeTask(task) };
    },

    StopReplicationTask({ ReplicationTaskArn }) {
      const task = state.task(ReplicationTaskArn);
      task.stop();
      return { ReplicationTask: describeTask(task) };
    },

    ModifyReplicationTask(input) {
      const task = state.task(input.ReplicationTaskArn);
      if (!task.atRest) {
        throw invalidState(
          `Replication Task, excluding logging severity task settings, cannot be modified while it is in ${task.status} state`,
        );
      }
      if (input.MigrationType !== undefined && input.MigrationType !== task.seed.migrationType) {
        throw new AwsError('InvalidParameterCombinationException', 'The migration type of a task cannot be modified');
      }
      checkJson('Task Mappings', input.TableMappings);
      checkJson('Task Settings', input.ReplicationTaskSettings);
      task.identifier = input.ReplicationTaskIdentifier ?? task.identifier;
      task.tableMappings = input.TableMappings ?? task.tableMappings;
      task.settings = input.ReplicationTaskSettings ?? task.settings;
      task.cdcStartPosition = input.CdcStartPosition ?? task.cdcStartPosition;
      return { ReplicationTask: describeTask(task) };
    },

    DescribeTableStatistics(input) {
      const task = state.task(input.ReplicationTaskArn);
      const found = filtered(describeTables(task), input.Filters, {
        'schema-name': (table) => table.SchemaName,
        'table-name': (table) => table.TableName,
        'table-state': (table) => table.TableState,
      });
      const { items, next } = recordsPage(found, input, [20, 500]);
      return { ReplicationTaskArn: task.seed.arn, TableStatistics: items, Marker: next };
    },

    ReloadTables({ ReplicationTaskArn, TablesToReload = [] }) {
      const task = state.task(ReplicationTaskArn);
      if (task.status !== 'running') {
        throw invalidState(`Tables can be reloaded only while the task is running; it is ${task.status}`);
      }
      if (TablesToReload.length > maximumReloads) {
        const message = `At most ${maximumReloads} tables can be reloaded at once; got ${TablesToReload.length}`;
        throw new AwsError('InvalidParameterValueException', message);
      }
      const unknown = TablesToReload.find(
        ({ SchemaName, TableName }) => !task.tables.has(`${SchemaName}.${TableName}`),
      );
      if (unknown !== undefined) {
        const message = `Table ${unknown.SchemaName}.${unknown.TableName} is not part of the task`;
        throw new ResourceNotFoundFault({ message, $metadata: {} });
      }
      // Answering yes would be a lie: the replicator that stands for DMS has no such order.
      throw new AwsError(
        'NotImplemented',
        'Single tables cannot be reloaded here; start the task with reload-target',
        501,
      );
    },
  };
}
