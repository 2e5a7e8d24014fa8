import { familyOf } from '../../definition/engines';
import type { ErrorPolicy } from './error-policy';
import type { TaskRequest } from './messages';
import type { ChangeSink } from './sinks/change-sink';
import { MysqlSink } from './sinks/mysql/mysql-sink';
import { PostgresSink } from './sinks/postgres/postgres-sink';
import type { ChangeSource } from './sources/change-source';
import { MysqlSource } from './sources/mysql/mysql-source';
import { PostgresSource } from './sources/postgres/postgres-source';
import type { TaskSettings } from './task-settings';

/** Connects to the database that the task reads. */
export function openSource(task: TaskRequest): Promise<ChangeSource> {
  return familyOf(task.source.engine) === 'mysql' ? MysqlSource.open(task) : PostgresSource.open(task);
}

/** Connects to the database that the task writes to. */
export function openSink(task: TaskRequest, settings: TaskSettings, policy: ErrorPolicy): Promise<ChangeSink> {
  return familyOf(task.target.engine) === 'mysql'
    ? MysqlSink.open(task, settings, policy)
    : PostgresSink.open(task, settings, policy);
}
