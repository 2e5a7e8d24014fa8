import type { StartReplicationTaskMessage, TableStatistics } from '@aws-sdk/client-database-migration-service';
import type { TableReading, TaskReading } from '../../ports/replication';

export interface StartWish {
  readonly startType: NonNullable<StartReplicationTaskMessage['StartReplicationTaskType']>;
  readonly position?: string;
}

/** One page of table statistics, whatever kind of replication they are of. */
export interface TablePage {
  readonly tables: TableReading[];
  readonly next?: string;
}

export const tableReadings = (statistics: readonly TableStatistics[] = []): TableReading[] =>
  statistics.map(({ SchemaName, TableName, TableState, FullLoadRows, ValidationState }) => ({
    table: `${SchemaName}.${TableName}`,
    state: TableState ?? 'unknown',
    fullLoadRows: FullLoadRows ?? 0,
    validation: ValidationState,
  }));

/** What never ran says no start, and stands in one of the first statuses. */
export const hasEverRun = (startedAt: Date | undefined, status: string): boolean =>
  startedAt !== undefined || (status !== 'creating' && status !== 'ready');

/** The calls of DMS that differ between a task on a replication instance and a serverless replication. */
export interface TaskCalls {
  /** @throws UsageError when there is none */
  describe(signal: AbortSignal): Promise<TaskReading>;
  tablePage(marker: string | undefined, signal: AbortSignal): Promise<TablePage>;
  start(wish: StartWish, signal: AbortSignal): Promise<void>;
  stop(signal: AbortSignal): Promise<void>;
}

export interface TaskName {
  readonly arn: string;
  readonly identifier: string;
}

/** `arn:…:replication-config:…` is serverless, `arn:…:task:…` runs on an instance. */
export const isServerless = (arn: string): boolean => arn.split(':')[5] === 'replication-config';
