import { z } from 'zod';

const dataError = z.enum(['LOG_ERROR', 'IGNORE_RECORD', 'SUSPEND_TABLE', 'STOP_TASK']);

/**
 * `ErrorBehavior` with the defaults of DMS (User Guide, "Error handling task settings"): dangerous ones, since a task
 * goes on while rows are dropped into `awsdms_apply_exceptions`.
 */
const errorBehavior = z.looseObject({
  DataErrorPolicy: dataError.default('LOG_ERROR'),
  DataTruncationErrorPolicy: dataError.default('LOG_ERROR'),
  DataErrorEscalationPolicy: z.enum(['SUSPEND_TABLE', 'STOP_TASK']).default('SUSPEND_TABLE'),
  DataErrorEscalationCount: z.int().min(0).default(0),
  TableErrorPolicy: z.enum(['SUSPEND_TABLE', 'STOP_TASK']).default('SUSPEND_TABLE'),
  TableErrorEscalationPolicy: z.literal('STOP_TASK').default('STOP_TASK'),
  TableErrorEscalationCount: z.int().min(0).default(0),
  /** Attempts to recover from a lost connection; -1 goes on until `recoverySeconds` passed without progress. */
  RecoverableErrorCount: z.int().min(-1).default(-1),
  ApplyErrorDeletePolicy: dataError.default('IGNORE_RECORD'),
  ApplyErrorInsertPolicy: z.enum(['LOG_ERROR', 'SUSPEND_TABLE', 'STOP_TASK', 'INSERT_RECORD']).default('LOG_ERROR'),
  ApplyErrorUpdatePolicy: z.enum([...dataError.options, 'UPDATE_RECORD']).default('LOG_ERROR'),
  ApplyErrorEscalationPolicy: z.enum(['LOG_ERROR', 'SUSPEND_TABLE', 'STOP_TASK']).default('LOG_ERROR'),
  ApplyErrorEscalationCount: z.int().min(0).default(0),
  FailOnNoTablesCaptured: z.boolean().default(true),
});

const taskSettings = z.looseObject({
  TargetMetadata: z
    .looseObject({
      BatchApplyEnabled: z.boolean().default(false),
      ParallelLoadThreads: z.int().min(0).default(0),
    })
    .prefault({}),
  FullLoadSettings: z
    .looseObject({
      TargetTablePrepMode: z.enum(['DO_NOTHING', 'TRUNCATE_BEFORE_LOAD']).default('DO_NOTHING'),
      /** Tables loaded at the same time. */
      MaxFullLoadSubTasks: z.int().min(1).max(49).default(8),
    })
    .prefault({}),
  ControlTablesSettings: z
    .looseObject({
      ControlSchema: z.string().default('awsdms_control'),
      StatusTableEnabled: z.boolean().default(false),
      SuspendedTablesTableEnabled: z.boolean().default(false),
    })
    .prefault({}),
  ChangeProcessingDdlHandlingPolicy: z
    .looseObject({ HandleSourceTableTruncated: z.boolean().default(true) })
    .prefault({}),
  ChangeProcessingTuning: z
    .looseObject({
      /** Seconds a batch gathers changes before it is applied. */
      BatchApplyTimeoutMin: z.number().min(0).default(1),
    })
    .prefault({}),
  ErrorBehavior: errorBehavior.prefault({}),
});

export type TaskSettings = z.infer<typeof taskSettings>;
export type ErrorBehavior = TaskSettings['ErrorBehavior'];

/** Reads a task's settings JSON as DMS does; what is absent or null takes DMS's default. Throws with path and value. */
export function parseTaskSettings(json: string): TaskSettings {
  let value: unknown;
  try {
    value = JSON.parse(json === '' ? '{}' : json, (_key, part: unknown) => part ?? undefined);
  } catch (error) {
    throw new Error(`the task settings are not JSON: ${(error as Error).message}`);
  }
  const parsed = taskSettings.safeParse(value);
  if (!parsed.success) throw new Error(`the task settings are not understood: ${z.prettifyError(parsed.error)}`);
  return withControlSchema(parsed.data);
}

/** An empty `ControlSchema` means the default one. */
function withControlSchema(settings: TaskSettings): TaskSettings {
  if (settings.ControlTablesSettings.ControlSchema === '')
    settings.ControlTablesSettings.ControlSchema = 'awsdms_control';
  return settings;
}
