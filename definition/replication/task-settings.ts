import { familyOf } from '../engines';
import type { Migration } from '../schema/migration';
import type { TaskName } from './names';

/**
 * Task settings with which no row is lost in silence. The defaults of DMS log an error and go on; here it suspends the
 * table or stops the task, where the gates see it. Names and values: AWS DMS User Guide, "Task settings".
 */
export function taskSettings(migration: Migration, task: TaskName) {
  const { replication } = migration;
  const writesTo = migration[task === 'reverse' ? 'source' : 'target'];
  const readsFrom = migration[task === 'reverse' ? 'target' : 'source'];
  const limited = replication.maxLobKilobytes;
  // Batch apply breaks the order between tables that the way back may need; only the forward direction may trade it.
  const batchApply = replication.batchApply && task !== 'reverse';
  return {
    TargetMetadata: {
      SupportLobs: true,
      // Full mode never truncates; limited mode only where the definition knows the largest value, and truncation stops the task.
      FullLobMode: limited === undefined && !batchApply,
      LimitedSizeLobMode: limited !== undefined || batchApply,
      LobMaxSize: limited ?? (batchApply ? 102_400 : 0),
      LobChunkSize: 64,
      BatchApplyEnabled: batchApply,
      TaskRecoveryTableEnabled: true,
    },
    FullLoadSettings: {
      // Tables, keys and indexes are made beforehand: DMS would make them without defaults, foreign keys and most indexes.
      TargetTablePrepMode: 'DO_NOTHING',
      CreatePkAfterFullLoad: false,
      StopTaskCachedChangesApplied: false,
      StopTaskCachedChangesNotApplied: false,
      MaxFullLoadSubTasks: replication.parallelTables,
      TransactionConsistencyTimeout: 600,
      CommitRate: 10_000,
    },
    ErrorBehavior: {
      DataErrorPolicy: 'SUSPEND_TABLE',
      DataTruncationErrorPolicy: 'SUSPEND_TABLE',
      DataErrorEscalationPolicy: 'STOP_TASK',
      TableErrorPolicy: 'STOP_TASK',
      TableErrorEscalationPolicy: 'STOP_TASK',
      RecoverableErrorCount: -1,
      RecoverableErrorInterval: 5,
      RecoverableErrorThrottling: true,
      RecoverableErrorThrottlingMax: 1800,
      ApplyErrorDeletePolicy: 'SUSPEND_TABLE',
      ApplyErrorInsertPolicy: 'SUSPEND_TABLE',
      ApplyErrorUpdatePolicy: 'SUSPEND_TABLE',
      ApplyErrorEscalationPolicy: 'STOP_TASK',
      // Changes that were cached during the full load may already stand in what was loaded: no conflict, but overlap.
      FullLoadIgnoreConflicts: true,
      FailOnTransactionConsistencyBreached: true,
      FailOnNoTablesCaptured: true,
    },
    ControlTablesSettings: {
      ControlSchema: replication.controlSchema,
      HistoryTimeslotInMinutes: 5,
      HistoryTableEnabled: true,
      SuspendedTablesTableEnabled: true,
      StatusTableEnabled: true,
      FullLoadExceptionTableEnabled: true,
    },
    ChangeProcessingTuning: {
      MinTransactionSize: 1000,
      CommitTimeout: 1,
      MemoryLimitTotal: 1024,
      MemoryKeepTime: 60,
      StatementCacheSize: 50,
    },
    ChangeProcessingDdlHandlingPolicy: {
      // DDL of one side is refused by the gates, never carried over: the engines do not agree on it.
      HandleSourceTableDropped: false,
      HandleSourceTableTruncated: false,
      HandleSourceTableAltered: false,
    },
    ValidationSettings: {
      // Only one task validates at a time, and the reverse one has nothing to compare before the switch.
      EnableValidation: replication.validation && task !== 'reverse',
      ValidationMode: 'ROW_LEVEL',
      ThreadCount: 5,
      FailureMaxCount: 10_000,
      TableFailureMaxCount: 1_000,
      HandleCollationDiff: familyOf(readsFrom.engine) !== familyOf(writesTo.engine),
      RecordFailureDelayInMinutes: 5,
      RecordSuspendDelayInMinutes: 30,
      ValidationPartialLobSize: limited ?? 0,
      ValidationOnly: false,
    },
    Logging: {
      EnableLogging: true,
      LogComponents: ['SOURCE_UNLOAD', 'SOURCE_CAPTURE', 'TARGET_LOAD', 'TARGET_APPLY', 'TASK_MANAGER'].map((Id) => ({
        Id,
        Severity: 'LOGGER_SEVERITY_DEFAULT',
      })),
    },
  };
}
