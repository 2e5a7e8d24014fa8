import { familyOf } from '../../definition/engines';
import type { ErrorPolicy } from './error-policy';
import type { TaskRequest } from './messages';
import type { ChangeSink } from './sinks/change-sink';
import { PostgresSink } from './sinks/postgres/postgres-sink';
import type { ChangeSource } from './sources/change-source';
import { MysqlSource } from './sources/mysql/mysql-source';
import { PostgresSource } from './sources/postgres/postgres-source';
import { FatalTaskError } from './task-errors';
import type { TaskSettings } from './task-settings';

/** Connects to the database that the task reads. */
export function openSource(task: TaskRequest): Promise<ChangeSource> {
  return familyOf(task.source.engine) === 'mysql' ? MysqlSource.open(task) : PostgresSource.open(task);
}

/** Connects to the database that the task writes to. */
export async function openSink(task: TaskRequest, settings: TaskSettings, policy: ErrorPolicy): Promise<ChangeSink> {
  const { engine } = task.target;
  if (familyOf(engine) === 'postgres') return PostgresSink.open(task, settings, policy);
  throw new FatalTaskError(`a target of engine "${engine}" cannot be written; postgres can`);
}
