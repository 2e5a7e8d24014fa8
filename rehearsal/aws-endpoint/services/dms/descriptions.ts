import type * as sdk from '@aws-sdk/client-database-migration-service';
import { familyOf } from '../../../../definition/engines';
import type { TableCounters } from '../../control/control-messages';
import type { DmsEndpointSeed } from '../../seed-of-services';
import type { ReplicationTask } from './replication-task';

/** A table's counters in the SDK's words. Validation is the product's own work, so DMS's is never enabled. */
function describeTable(task: ReplicationTask, table: TableCounters): sdk.TableStatistics {
  return {
    SchemaName: table.schema,
    TableName: table.table,
    Inserts: table.inserts,
    Updates: table.updates,
    Deletes: table.deletes,
    Ddls: table.ddls,
    AppliedInserts: table.appliedInserts,
    AppliedUpdates: table.appliedUpdates,
    AppliedDeletes: table.appliedDeletes,
    AppliedDdls: table.ddls,
    FullLoadRows: table.fullLoadRows,
    FullLoadCondtnlChkFailedRows: 0,
    FullLoadErrorRows: 0,
    LastUpdateTime: table.lastUpdateTime === undefined ? undefined : new Date(table.lastUpdateTime * 1000),
    TableState: task.forcedTableStates.get(`${table.schema}.${table.table}`) ?? table.state,
    ValidationState: 'Not enabled',
    ValidationPendingRecords: 0,
    ValidationFailedRecords: 0,
    ValidationSuspendedRecords: 0,
  };
}

/** Every table of the task, by schema and name. A forced state shows also on a table not yet reported. */
export function describeTables(task: ReplicationTask): sdk.TableStatistics[] {
  return [...task.tables.values()]
    .map((table) => describeTable(task, table))
    .sort((a, b) => (`${a.SchemaName}.${a.TableName}` < `${b.SchemaName}.${b.TableName}` ? -1 : 1));
}

function describeStats(task: ReplicationTask): sdk.ReplicationTaskStats {
  const states = describeTables(task).map(({ TableState }) => TableState);
  const count = (...wanted: string[]): number => states.filter((state) => wanted.includes(state ?? '')).length;
  const end = task.stoppedAt ?? new Date();
  return {
    FullLoadProgressPercent: task.fullLoadProgressPercent,
    ElapsedTimeMillis: task.startedAt === undefined ? 0 : end.getTime() - task.startedAt.getTime(),
    TablesLoaded: count('Table completed'),
    TablesLoading: count('Full load', 'Table is being reloaded'),
    TablesQueued: count('Before load'),
    TablesErrored: count('Table error', 'Table does not exist', 'Table cancelled'),
    FreshStartDate: task.freshStartedAt,
    StartDate: task.startedAt,
    StopDate: task.stoppedAt,
  };
}

export function describeTask(task: ReplicationTask, withoutSettings = false): sdk.ReplicationTask {
  const { seed } = task;
  return {
    ReplicationTaskIdentifier: task.identifier,
    ReplicationTaskArn: seed.arn,
    SourceEndpointArn: seed.sourceEndpointArn,
    TargetEndpointArn: seed.targetEndpointArn,
    ReplicationInstanceArn: seed.replicationInstanceArn,
    MigrationType: seed.migrationType,
    TableMappings: withoutSettings ? undefined : task.tableMappings,
    ReplicationTaskSettings: withoutSettings ? undefined : task.settings,
    Status: task.status,
    LastFailureMessage: task.lastFailureMessage,
    StopReason: task.stopReason,
    ReplicationTaskCreationDate: task.createdAt,
    ReplicationTaskStartDate: task.startedAt,
    CdcStartPosition: task.cdcStartPosition,
    RecoveryCheckpoint: task.recoveryCheckpoint,
    ReplicationTaskStats: describeStats(task),
  };
}

/** What a serverless replication goes through before it replicates (AWS DMS User Guide, "AWS DMS Serverless components"). */
const ways = [
  'initializing',
  'preparing_metadata_resources',
  'testing_connection',
  'fetching_metadata',
  'calculating_capacity',
  'provisioning_capacity',
  'replication_starting',
] as const;

function replicationStatus(replication: ReplicationTask, startMilliseconds: number): string {
  if (replication.status === 'ready') return 'created';
  if (replication.status !== 'starting') return replication.status;
  const passed = Date.now() - (replication.startedAt?.getTime() ?? 0);
  const step = startMilliseconds === 0 ? ways.length : Math.floor((passed / startMilliseconds) * ways.length);
  return ways[Math.min(step, ways.length - 1)] ?? 'initializing';
}

export function describeReplication(replication: ReplicationTask, startMilliseconds: number): sdk.Replication {
  const { seed, lastFailureMessage } = replication;
  return {
    ReplicationConfigIdentifier: replication.identifier,
    ReplicationConfigArn: seed.arn,
    SourceEndpointArn: seed.sourceEndpointArn,
    TargetEndpointArn: seed.targetEndpointArn,
    ReplicationType: seed.migrationType,
    Status: replicationStatus(replication, startMilliseconds),
    StopReason: replication.stopReason,
    FailureMessages: lastFailureMessage === undefined ? [] : [lastFailureMessage],
    ReplicationStats: describeStats(replication),
    RecoveryCheckpoint: replication.recoveryCheckpoint,
    ReplicationCreateTime: replication.createdAt,
    ReplicationLastStopTime: replication.stoppedAt,
  };
}

export function describeEndpoint(endpoint: DmsEndpointSeed): sdk.Endpoint {
  return {
    EndpointArn: endpoint.arn,
    EndpointIdentifier: endpoint.identifier,
    EndpointType: endpoint.type,
    // The API has a name of its own for one of the engines.
    EngineName: endpoint.engine === 'aurora-mysql' ? 'aurora' : endpoint.engine,
    EngineDisplayName: displayNames[endpoint.engine],
    ServerName: endpoint.serverName,
    Port: endpoint.port,
    DatabaseName: endpoint.database,
    Status: 'active',
    SslMode: 'verify-full',
    ...engineSettings(endpoint),
  };
}

const displayNames: Readonly<Record<DmsEndpointSeed['engine'], string>> = {
  postgres: 'PostgreSQL',
  'aurora-postgresql': 'Amazon Aurora PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  'aurora-mysql': 'Amazon Aurora MySQL',
};

/** MySQL keeps no slot; a target of it takes changes into every database that the mappings name. */
function engineSettings(endpoint: DmsEndpointSeed): Pick<sdk.Endpoint, 'MySQLSettings' | 'PostgreSQLSettings'> {
  const { secretId: SecretsManagerSecretId, afterConnectScript: AfterConnectScript } = endpoint;
  if (familyOf(endpoint.engine) === 'mysql') {
    const role: sdk.MySQLSettings =
      endpoint.type === 'source' ? { ServerTimezone: 'UTC' } : { TargetDbType: 'multiple-databases' };
    return { MySQLSettings: { ...role, SecretsManagerSecretId, AfterConnectScript } };
  }
  return {
    PostgreSQLSettings: {
      DatabaseName: endpoint.database,
      SecretsManagerSecretId,
      SlotName: endpoint.slotName,
      AfterConnectScript,
      PluginName: 'test-decoding',
    },
  };
}
