import { randomUUID } from 'node:crypto';
import type { Connection as Session, RowDataPacket } from 'mysql2/promise';
import { quoteIdentifier, quoteLiteral } from '../../mysql/quoting';
import { FatalTaskError, describe } from '../../task-errors';
import type { RunState, TaskProgress } from '../change-sink';

/** The columns of the first three have the names that DMS gives them; MySQL does not tell their case apart. */
const definitions: Record<string, string> = {
  awsdms_apply_exceptions: `TASK_NAME varchar(128) NOT NULL, TABLE_OWNER varchar(128) NOT NULL,
    TABLE_NAME varchar(128) NOT NULL, ERROR_TIME datetime(6) NOT NULL, STATEMENT longtext NOT NULL, ERROR longtext NOT NULL`,
  awsdms_suspended_tables: `server_name varchar(128) NOT NULL, task_name varchar(128) NOT NULL,
    table_owner varchar(128) NOT NULL, table_name varchar(128) NOT NULL, suspend_reason longtext, suspend_timestamp datetime(6),
    PRIMARY KEY (server_name, task_name, table_owner, table_name)`,
  awsdms_status: `server_name varchar(128) NOT NULL, task_name varchar(128) NOT NULL, task_status varchar(32),
    status_time datetime(6), pending_changes bigint, disk_swap_size bigint, task_memory bigint,
    source_current_position varchar(128), source_current_timestamp datetime(6), source_tail_position varchar(128),
    source_tail_timestamp datetime(6), source_timestamp_applied datetime(6), PRIMARY KEY (server_name, task_name)`,
  awsdms_txn_state: `TASK_NAME varchar(128) NOT NULL PRIMARY KEY, RUN char(36) NOT NULL, PHASE varchar(32) NOT NULL,
    POSITION text, STATE_TIMESTAMP datetime(6) NOT NULL`,
};

const serverName = 'rehearsal';

/** The tables in which a task keeps its state on the target. `taskName` is the last segment of the task's ARN, as in DMS. */
export class ControlTables {
  private readonly session: Session;
  private readonly schema: string;
  private readonly taskName: string;
  /** Names this process's hold on the task; a newer run replaces it and so shuts this one out. */
  private readonly run = randomUUID();

  constructor(session: Session, schema: string, taskArn: string) {
    this.session = session;
    this.schema = schema;
    this.taskName = taskArn.split(':').at(-1) as string;
  }

  private table(name: string): string {
    return `${quoteIdentifier(this.schema)}.${name}`;
  }

  private get task(): string {
    return quoteLiteral(this.taskName);
  }

  /** Creates what is missing. Existing tables are used as they are, so the account needs no right to create then. */
  async create(): Promise<void> {
    const [rows] = await this.session.execute<RowDataPacket[]>(
      'SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?',
      [this.schema],
    );
    const missing = Object.keys(definitions).filter((name) => !rows.some((row) => row['name'] === name));
    try {
      if (missing.length > 0 && rows.length === 0) {
        await this.session.query(`CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(this.schema)}`);
      }
      for (const name of missing) {
        await this.session.query(
          `CREATE TABLE IF NOT EXISTS ${this.table(name)} (${definitions[name]}) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
        );
      }
    } catch (error) {
      throw new FatalTaskError(
        `the control tables in database "${this.schema}" cannot be created on the target (${describe(error)}); ` +
          `grant the replication account CREATE on ${this.schema}.*, or create them for it`,
      );
    }
  }

  async beginAnew(state: RunState): Promise<void> {
    const position = state.position === undefined ? 'NULL' : quoteLiteral(state.position);
    await this.transaction([
      `INSERT INTO ${this.table('awsdms_txn_state')} (TASK_NAME, RUN, PHASE, POSITION, STATE_TIMESTAMP)
       VALUES (${this.task}, ${quoteLiteral(this.run)}, ${quoteLiteral(state.phase)}, ${position}, UTC_TIMESTAMP(6))
       ON DUPLICATE KEY UPDATE RUN = VALUES(RUN), PHASE = VALUES(PHASE), POSITION = VALUES(POSITION),
         STATE_TIMESTAMP = VALUES(STATE_TIMESTAMP)`,
      `DELETE FROM ${this.table('awsdms_suspended_tables')} WHERE task_name = ${this.task}`,
    ]);
  }

  /** Waits for a transaction that an older run may still have under way: each of them holds the row. */
  async takeOver(): Promise<RunState | undefined> {
    const state = this.table('awsdms_txn_state');
    await this.session.execute(`UPDATE ${state} SET RUN = ? WHERE TASK_NAME = ?`, [this.run, this.taskName]);
    const [rows] = await this.session.execute<RowDataPacket[]>(
      `SELECT PHASE AS phase, POSITION AS position FROM ${state} WHERE TASK_NAME = ?`,
      [this.taskName],
    );
    const [row] = rows as { phase: RunState['phase']; position: string | null }[];
    return row && { phase: row.phase, position: row.position ?? undefined };
  }

  /** Holds the task's row for this transaction; fails when a newer run has taken the task over: its id becomes no NULL. */
  holdRun(): string {
    const mine = quoteLiteral(this.run);
    return `UPDATE ${this.table('awsdms_txn_state')} SET RUN = IF(RUN = ${mine}, RUN, NULL) WHERE TASK_NAME = ${this.task}`;
  }

  /** The same beside other loaders: true while the run is ours. */
  async holdsShared(session: Session): Promise<boolean> {
    const [rows] = await session.execute<RowDataPacket[]>(
      `SELECT 1 FROM ${this.table('awsdms_txn_state')} WHERE TASK_NAME = ? AND RUN = ? LOCK IN SHARE MODE`,
      [this.taskName, this.run],
    );
    return rows.length === 1;
  }

  savePosition(position: string): string {
    return `UPDATE ${this.table('awsdms_txn_state')} SET PHASE = 'cdc', POSITION = ${quoteLiteral(position)},
      STATE_TIMESTAMP = UTC_TIMESTAMP(6) WHERE TASK_NAME = ${this.task}`;
  }

  logException(owner: string, table: string, statement: string, error: string): string {
    const values = [owner, table].map(quoteLiteral).join(', ');
    return `INSERT INTO ${this.table('awsdms_apply_exceptions')}
      VALUES (${this.task}, ${values}, UTC_TIMESTAMP(6), ${quoteLiteral(statement)}, ${quoteLiteral(error)})`;
  }

  suspend(owner: string, table: string, reason: string): string {
    const values = [owner, table, reason].map(quoteLiteral).join(', ');
    return `INSERT INTO ${this.table('awsdms_suspended_tables')} VALUES ('${serverName}', ${this.task}, ${values}, UTC_TIMESTAMP(6))
      ON DUPLICATE KEY UPDATE task_name = VALUES(task_name)`;
  }

  async suspended(): Promise<{ owner: string; table: string }[]> {
    const [rows] = await this.session.execute<RowDataPacket[]>(
      `SELECT table_owner AS owner, table_name AS name FROM ${this.table('awsdms_suspended_tables')} WHERE task_name = ?`,
      [this.taskName],
    );
    return rows.map((row) => ({ owner: String(row['owner']), table: String(row['name']) }));
  }

  async writeStatus(status: TaskProgress): Promise<void> {
    const applied = status.appliedCommitMilliseconds;
    await this.session.execute(
      `INSERT INTO ${this.table('awsdms_status')} (server_name, task_name, task_status, status_time, pending_changes,
         task_memory, source_current_position, source_timestamp_applied)
       VALUES (?, ?, ?, UTC_TIMESTAMP(6), ?, ?, ?, ?)
       ON DUPLICATE KEY UPDATE task_status = VALUES(task_status), status_time = VALUES(status_time),
         pending_changes = VALUES(pending_changes), task_memory = VALUES(task_memory),
         source_current_position = VALUES(source_current_position),
         source_timestamp_applied = COALESCE(VALUES(source_timestamp_applied), source_timestamp_applied)`,
      [
        serverName,
        this.taskName,
        status.phase,
        status.pendingChanges,
        Math.round(process.memoryUsage.rss() / 1024 / 1024),
        status.position ?? null,
        applied ? new Date(applied).toISOString().slice(0, -1).replace('T', ' ') : null,
      ],
    );
  }

  private async transaction(statements: string[]): Promise<void> {
    await this.session.query('BEGIN');
    try {
      for (const statement of statements) await this.session.query(statement);
      await this.session.query('COMMIT');
    } catch (error) {
      await this.session.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}
