import type { Side } from '../../workload/configuration';
import type { NeutralRow } from '../canonical';
import type { DatabaseEndpoint } from '../database';
import type { NeutralTable } from '../model/neutral-table';
import type { ApplicationSession, Entry, JobQueue, SessionPurpose } from './application-session';
import { keyColumns, StatementMaker, type Statement } from './dialect';
import { mysqlDialect } from './mysql-dialect';
import { isMysqlRefusal, isRefusedMysqlCommit, MysqlSession, type MysqlResult } from './mysql-session';
import { keyOf, neutralRow } from './neutral-row';

/** The application's connection to MySQL or MariaDB. */
export class MysqlApplicationSession implements ApplicationSession {
  private readonly session: MysqlSession;
  private readonly make: StatementMaker;

  private constructor(session: MysqlSession, side: Side) {
    this.session = session;
    this.make = new StatementMaker(mysqlDialect, side);
  }

  static async open(database: DatabaseEndpoint, purpose: SessionPurpose): Promise<MysqlApplicationSession> {
    const { account, applicationName, side } = purpose;
    return new MysqlApplicationSession(await MysqlSession.open(database, account, applicationName), side);
  }

  get broken(): boolean {
    return this.session.broken;
  }

  async begin(): Promise<void> {
    await this.session.run('START TRANSACTION');
  }

  async commit(): Promise<boolean> {
    await this.session.run('COMMIT');
    return true;
  }

  async rollback(): Promise<void> {
    await this.session.run('ROLLBACK');
  }

  async insert(table: NeutralTable, values: NeutralRow): Promise<NeutralRow> {
    const { madeKey } = await this.run(this.make.insert(table, values));
    // MySQL gives back the key that it made, and no other column: what stands there is read.
    const key = keyColumns(table).map((column) => (column.keyMaker === null ? (values[column.name] ?? '') : madeKey));
    const [row] = await this.rows(table, [key]);
    if (row === undefined) throw new Error(`the row that was inserted into ${table.id} is not found by its key`);
    return row;
  }

  async update(table: NeutralTable, key: string[], values: NeutralRow): Promise<NeutralRow | undefined> {
    const { changed } = await this.run(this.make.update(table, key, values));
    return changed === 0 ? undefined : (await this.rows(table, [key]))[0];
  }

  async delete(table: NeutralTable, key: string[]): Promise<boolean> {
    return (await this.run(this.make.delete(table, key))).changed > 0;
  }

  async enter(client: string, sequence: number, note: string): Promise<Entry> {
    const { madeKey } = await this.run({
      sql: 'INSERT INTO rehearsal_ledger.entries (client, sequence_number, note) VALUES (?, ?, ?)',
      values: [client, String(sequence), note],
    });
    return { entry: madeKey, transaction: madeKey };
  }

  async takeJob({ table, column: name, waiting, done }: JobQueue): Promise<NeutralRow | undefined> {
    const column = table.columns.find((each) => each.name === name);
    const [key] = keyColumns(table);
    if (!column || !key) throw new Error(`${table.id} is no queue with a column ${name}.`);
    // Not SKIP LOCKED, which MySQL 5.7 does not know: there is one worker.
    const found = await this.run({
      sql: `SELECT ${this.make.row(table)} FROM ${this.make.table(table)} WHERE ${this.make.column(column)} = ?
            ORDER BY ${this.make.column(key)} LIMIT 1 FOR UPDATE`,
      values: [waiting],
    });
    if (found.rows[0] === undefined) return undefined;
    return this.update(table, keyOf(table, neutralRow(table, found.rows[0])), { [name]: done });
  }

  async rows(table: NeutralTable, keys: string[][]): Promise<NeutralRow[]> {
    return this.read(table, this.make.select(table, keys));
  }

  async newest(table: NeutralTable, count: number): Promise<NeutralRow[]> {
    return this.read(table, this.make.newest(table, count));
  }

  async some(table: NeutralTable, count: number): Promise<NeutralRow[]> {
    return this.read(table, this.make.some(table, count));
  }

  async highest(table: NeutralTable, column: string): Promise<string | null> {
    const found = await this.run(this.make.highest(table, column));
    return found.rows[0]?.[0]?.trim() ?? null;
  }

  async ignoreForeignKeys(): Promise<void> {
    await this.session.run('SET FOREIGN_KEY_CHECKS = 0');
  }

  async probe(): Promise<string> {
    return (await this.run({ sql: 'INSERT INTO rehearsal_probe.attempts () VALUES ()', values: [] })).madeKey;
  }

  isRefusal(error: unknown): boolean {
    return isMysqlRefusal(error);
  }

  isRefusedCommit(error: unknown): boolean {
    return isRefusedMysqlCommit(error);
  }

  close(): void {
    this.session.close();
  }

  private async read(table: NeutralTable, statement: Statement): Promise<NeutralRow[]> {
    return (await this.run(statement)).rows.map((texts) => neutralRow(table, texts));
  }

  private run({ sql, values }: Statement): Promise<MysqlResult> {
    return this.session.run(sql, values);
  }
}
