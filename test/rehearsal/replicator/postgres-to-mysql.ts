import type { TaskRequest } from '../../../rehearsal/replicator/messages';
import type { MysqlToPostgres } from './mysql-to-postgres';
import { RunningTask } from './running-task';
import { including } from './task-requests';

const slot = 'reverse';
let number = 0;

/** Lets the replication account of both sides go the other way as well. */
export async function allowReverse({ onSource, onTarget, source, target }: MysqlToPostgres): Promise<void> {
  await onTarget.query(`ALTER ROLE ${target.username} REPLICATION`);
  await onSource.query(`GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON awsdms_control.* TO '${source.username}'@'%'`);
}

/** A task from PostgreSQL into MySQL: only changes, from a slot that is made at the present end, unless `more` says otherwise. */
export async function reverseRequest(
  databases: MysqlToPostgres,
  settings: object = {},
  more: Partial<TaskRequest> = {},
): Promise<TaskRequest> {
  await databases.onTarget.query(
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '${slot}'`,
  );
  await databases.onTarget.query(`SELECT pg_create_logical_replication_slot('${slot}', 'test_decoding')`);
  const identifier = `reverse-${++number}`;
  return {
    arn: `arn:aws:dms:eu-west-1:123456789012:task:${identifier.toUpperCase()}`,
    identifier,
    migrationType: 'cdc',
    startType: 'start-replication',
    tableMappings: including('app'),
    settings: JSON.stringify(settings),
    source: { ...databases.target, slotName: slot },
    target: {
      ...databases.source,
      afterConnectScript: 'SET FOREIGN_KEY_CHECKS=0; SET @cutover_replication = 1',
    },
    ...more,
  };
}

/** Runs such a task around `body`, and ends it whatever happens. */
export async function whileReversing(
  databases: MysqlToPostgres,
  settings: object,
  body: (task: RunningTask, request: TaskRequest) => Promise<void>,
): Promise<void> {
  const request = await reverseRequest(databases, settings);
  const task = new RunningTask(request);
  try {
    await task.running();
    await body(task, request);
  } finally {
    await task.stop();
  }
}
