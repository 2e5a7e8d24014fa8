import { taskNames, type TaskName } from './replication/names';
import { tableMappings } from './replication/table-mappings';
import { taskSettings } from './replication/task-settings';
import type { Migration } from './schema/migration';

/** What DMS takes for one task; both texts are JSON, as `CreateReplicationTask` wants them. */
export interface TaskRules {
  readonly migrationType: 'full-load-and-cdc' | 'full-load' | 'cdc';
  readonly tableMappings: string;
  readonly settings: string;
}

/**
 * The three tasks of a migration. `load` loads and follows until the first switch; `forward` and `reverse` follow only, from a
 * position that the runbooks give at each start. Pure: the same definition gives the same texts.
 */
export const replicationRules = (migration: Migration): Record<TaskName, TaskRules> =>
  Object.fromEntries(
    taskNames.map((task): [TaskName, TaskRules] => [
      task,
      {
        migrationType: task === 'load' ? 'full-load-and-cdc' : 'cdc',
        tableMappings: JSON.stringify(tableMappings(migration, task)),
        settings: JSON.stringify(taskSettings(migration, task)),
      },
    ]),
  ) as Record<TaskName, TaskRules>;

/**
 * A task that compares every row once and writes nothing: started just before a switch, beside the verification of the runbooks
 * (AWS DMS User Guide, "Validation only tasks").
 */
export function validationRules(migration: Migration): TaskRules {
  const settings = taskSettings(migration, 'load');
  return {
    migrationType: 'full-load',
    tableMappings: JSON.stringify(tableMappings(migration, 'load')),
    settings: JSON.stringify({
      ...settings,
      ValidationSettings: { ...settings.ValidationSettings, EnableValidation: true, ValidationOnly: true },
    }),
  };
}
