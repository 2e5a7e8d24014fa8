import type { TaskRequest } from '../../../rehearsal/replicator/messages';
import type { TestDatabases } from './databases';
import { RunningTask } from './running-task';
import { request } from './task-requests';

let number = 0;

/** Creates the slot `feed` at the present end of the source's WAL and answers its position. */
export async function createFeed(databases: TestDatabases): Promise<string> {
  await dropFeed(databases);
  const { rows } = await databases.onSource.query<{ lsn: string }>(
    `SELECT lsn::text FROM pg_create_logical_replication_slot('feed', 'test_decoding')`,
  );
  return rows[0]?.lsn as string;
}

export async function dropFeed(databases: TestDatabases): Promise<void> {
  await databases.onSource.query(
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'feed'`,
  );
}

/** A change-data task from the slot `feed`, under a name of its own. */
export const feedRequest = (databases: TestDatabases, more: Partial<TaskRequest> = {}): TaskRequest =>
  request(databases, `feed-${++number}`, { migrationType: 'cdc', ...more });

/** Runs a change-data task with these settings around `body`, and ends it whatever happens. */
export async function whileReplicating(
  databases: TestDatabases,
  settings: object,
  body: (task: RunningTask, taskName: string) => Promise<void>,
): Promise<void> {
  await createFeed(databases);
  const made = feedRequest(databases, { settings: JSON.stringify(settings) });
  const task = new RunningTask(made);
  try {
    await task.running();
    await body(task, made.identifier.toUpperCase());
  } finally {
    await task.stop();
    await dropFeed(databases);
  }
}
