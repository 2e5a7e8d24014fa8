import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { quoteIdentifier } from '../../postgres/quoting';
import { FatalTaskError, describe } from '../../task-errors';
import type { RunState, TaskProgress } from '../change-sink';
import type { Step } from './pipeline';

/** Names and case of the columns are those that DMS creates on PostgreSQL targets. */
const definitions: Record<string, string> = {
  awsdms_apply_exceptions: `"TASK_NAME" varchar(128) NOT NULL, "TABLE_OWNER" varchar(128) NOT NULL,
    "TABLE_NAME" varchar(128) NOT NULL, "ERROR_TIME" timestamp NOT NULL, "STATEMENT" text NOT NULL, "ERROR" text NOT NULL`,
  awsdms_suspended_tables: `server_name varchar(128) NOT NULL, task_name varchar(128) NOT NULL,
    table_owner varchar(128) NOT NULL, table_name varchar(128) NOT NULL, suspend_reason text, suspend_timestamp timestamp,
    PRIMARY KEY (server_name, task_name, table_owner, table_name)`,
  awsdms_status: `server_name varchar(128) NOT NULL, task_name varchar(128) NOT NULL, task_status varchar(32),
    status_time timestamp, pending_changes bigint, disk_swap_size bigint, task_memory bigint,
    source_current_position varchar(128), source_current_timestamp timestamp, source_tail_position varchar(128),
    source_tail_timestamp timestamp, source_timestamp_applied timestamp, PRIMARY KEY (server_name, task_name)`,
  awsdms_txn_state: `"TASK_NAME" varchar(128) PRIMARY KEY, "RUN" uuid NOT NULL, "PHASE" varchar(32) NOT NULL,
    "POSITION" text, "STATE_TIMESTAMP" timestamptz NOT NULL DEFAULT clock_timestamp()`,
  awsdms_batch_state: `task_name varchar(128) NOT NULL, table_owner varchar(128) NOT NULL,
    table_name varchar(128) NOT NULL, position text NOT NULL, PRIMARY KEY (task_name, table_owner, table_name)`,
};

const serverName = 'rehearsal';

/** Names a statement text in the session that will run it. */
type Prepare = (text: string) => Step['statement'];

/** The tables in which a task keeps its state on the target. `taskName` is the last segment of the task's ARN, as in DMS. */
export class ControlTables {
  private readonly client: Client;
  private readonly schema: string;
  private readonly taskName: string;
  /** Names this process's hold on the task; a newer run replaces it and so shuts this one out. */
  private readonly run = randomUUID();

  constructor(client: Client, schema: string, taskArn: string) {
    this.client = client;
    this.schema = schema;
    this.taskName = taskArn.split(':').at(-1) as string;
  }

  private table(name: string): string {
    return `${quoteIdentifier(this.schema)}.${name}`;
  }

  /** Creates what is missing. Existing tables are used as they are, so the account needs no right to create then. */
  async create(): Promise<void> {
    const { rows } = await this.client.query<{ name: string }>(
      `SELECT n.nspname || '.' || coalesce(c.relname, '') AS name FROM pg_catalog.pg_namespace n
         LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid WHERE n.nspname = $1`,
      [this.schema],
    );
    const missing = Object.keys(definitions).filter(
      (name) => !rows.some((row) => row.name === `${this.schema}.${name}`),
    );
    if (missing.length === 0) return;
    try {
      // Several tasks may start at once; IF NOT EXISTS alone does not keep two creations from colliding.
      await this.client.query('BEGIN');
      await this.client.query(`SELECT pg_advisory_xact_lock(hashtext('awsdms control tables'))`);
      if (rows.length === 0) await this.client.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(this.schema)}`);
      for (const name of missing) {
        await this.client.query(`CREATE TABLE IF NOT EXISTS ${this.table(name)} (${definitions[name]})`);
      }
      await this.client.query('COMMIT');
    } catch (error) {
      throw new FatalTaskError(
        `the control tables in schema "${this.schema}" cannot be created on the target (${describe(error)}); ` +
          'grant the replication account CREATE on the database or create the schema for it',
      );
    }
  }

  async beginAnew(state: RunState): Promise<void> {
    await this.client.query(
      `WITH forgotten AS (DELETE FROM ${this.table('awsdms_suspended_tables')} WHERE task_name = $1),
            undone AS (DELETE FROM ${this.table('awsdms_batch_state')} WHERE task_name = $1)
       INSERT INTO ${this.table('awsdms_txn_state')} ("TASK_NAME", "RUN", "PHASE", "POSITION") VALUES ($1, $2, $3, $4)
       ON CONFLICT ("TASK_NAME") DO UPDATE
         SET "RUN" = $2, "PHASE" = $3, "POSITION" = $4, "STATE_TIMESTAMP" = clock_timestamp()`,
      [this.taskName, this.run, state.phase, state.position],
    );
  }

  /** Waits for a transaction that an older run may still have under way: each of them holds the row. */
  async takeOver(): Promise<RunState | undefined> {
    const { rows } = await this.client.query<{ phase: RunState['phase']; position: string | null }>(
      `UPDATE ${this.table('awsdms_txn_state')} SET "RUN" = $2 WHERE "TASK_NAME" = $1
       RETURNING "PHASE" AS phase, "POSITION" AS position`,
      [this.taskName, this.run],
    );
    return rows[0] && { phase: rows[0].phase, position: rows[0].position ?? undefined };
  }

  /** Holds the task's row for this transaction (`shared`: beside other loaders); fails (division by zero) when a newer run has taken the task over. */
  holdRun(statement: Prepare, shared = false): Step {
    const text = `SELECT 1 / count(*) FROM (SELECT 1 FROM ${this.table('awsdms_txn_state')}
      WHERE "TASK_NAME" = $1 AND "RUN" = $2::uuid ${shared ? 'FOR SHARE' : 'FOR NO KEY UPDATE'}) AS held`;
    return { statement: statement(text), values: [this.taskName, this.run] };
  }

  savePosition(statement: Prepare, position: string): Step {
    const text = `UPDATE ${this.table('awsdms_txn_state')} SET "PHASE" = 'cdc', "POSITION" = $2,
      "STATE_TIMESTAMP" = clock_timestamp() WHERE "TASK_NAME" = $1`;
    return { statement: statement(text), values: [this.taskName, position] };
  }

  logException(statement: Prepare, owner: string, table: string, sql: string, error: string): Step {
    const text = `INSERT INTO ${this.table('awsdms_apply_exceptions')} VALUES ($1, $2, $3, clock_timestamp() AT TIME ZONE 'UTC', $4, $5)`;
    // PostgreSQL takes no NUL byte, and that may be what was refused.
    return { statement: statement(text), values: [this.taskName, owner, table, sql.replaceAll('\0', '\\0'), error] };
  }

  suspend(statement: Prepare, owner: string, table: string, reason: string): Step {
    const text = `INSERT INTO ${this.table('awsdms_suspended_tables')}
      VALUES ('${serverName}', $1, $2, $3, $4, clock_timestamp() AT TIME ZONE 'UTC') ON CONFLICT DO NOTHING`;
    return { statement: statement(text), values: [this.taskName, owner, table, reason] };
  }

  /** Batch apply: this table is applied up to the end of the batch under way. */
  saveTablePosition(statement: Prepare, owner: string, table: string, position: string): Step {
    const text = `INSERT INTO ${this.table('awsdms_batch_state')} VALUES ($1, $2, $3, $4)
      ON CONFLICT (task_name, table_owner, table_name) DO UPDATE SET position = $4`;
    return { statement: statement(text), values: [this.taskName, owner, table, position] };
  }

  /** Forgets the tables that had come to the end of a batch which all have reached now. */
  clearTablePositions(statement: Prepare, reached: string[]): Step {
    const text = `DELETE FROM ${this.table('awsdms_batch_state')} WHERE task_name = $1 AND position = ANY ($2)`;
    return { statement: statement(text), values: [this.taskName, `{${reached.map((one) => `"${one}"`).join(',')}}`] };
  }

  async tablePositions(): Promise<{ owner: string; table: string; position: string }[]> {
    const { rows } = await this.client.query<{ owner: string; table: string; position: string }>(
      `SELECT table_owner AS owner, table_name AS table, position FROM ${this.table('awsdms_batch_state')}
        WHERE task_name = $1`,
      [this.taskName],
    );
    return rows;
  }

  async suspended(): Promise<{ owner: string; table: string }[]> {
    const { rows } = await this.client.query<{ owner: string; table: string }>(
      `SELECT table_owner AS owner, table_name AS table FROM ${this.table('awsdms_suspended_tables')} WHERE task_name = $1`,
      [this.taskName],
    );
    return rows;
  }

  async writeStatus(status: TaskProgress): Promise<void> {
    await this.client.query(
      `INSERT INTO ${this.table('awsdms_status')} (server_name, task_name, task_status, status_time, pending_changes,
         task_memory, source_current_position, source_timestamp_applied)
       VALUES ('${serverName}', $1, $2, clock_timestamp() AT TIME ZONE 'UTC', $3, $4, $5, $6)
       ON CONFLICT (server_name, task_name) DO UPDATE SET task_status = $2, status_time = excluded.status_time,
         pending_changes = $3, task_memory = $4, source_current_position = $5,
         source_timestamp_applied = coalesce($6, awsdms_status.source_timestamp_applied)`,
      [
        this.taskName,
        status.phase,
        status.pendingChanges,
        Math.round(process.memoryUsage.rss() / 1024 / 1024),
        status.position,
        status.appliedCommitMilliseconds ? new Date(status.appliedCommitMilliseconds).toISOString() : null,
      ],
    );
  }
}
