import type { Side } from '../../workload/configuration';
import { isRefusal, Session } from '../../workload/session';
import type { NeutralRow } from '../canonical';
import type { DatabaseEndpoint } from '../database';
import type { NeutralTable } from '../model/neutral-table';
import type { ApplicationSession, Entry, JobQueue, SessionPurpose } from './application-session';
import { keyColumns, StatementMaker, type Statement } from './dialect';
import { keyOf, neutralRow } from './neutral-row';
import { postgresDialect } from './postgres-dialect';

/** The application's connection to PostgreSQL. */
export class PostgresApplicationSession implements ApplicationSession {
  private readonly session: Session;
  private readonly make: StatementMaker;

  private constructor(session: Session, side: Side) {
    this.session = session;
    this.make = new StatementMaker(postgresDialect, side);
  }

  static async open(database: DatabaseEndpoint, purpose: SessionPurpose): Promise<PostgresApplicationSession> {
    const { host, tlsServerName, ...rest } = database;
    const endpoint = { address: host, tlsServerName };
    return new PostgresApplicationSession(await Session.open({ ...rest, ...purpose, endpoint }), purpose.side);
  }

  get broken(): boolean {
    return this.session.broken;
  }

  async begin(): Promise<void> {
    await this.session.run('BEGIN');
  }

  async commit(): Promise<boolean> {
    return (await this.session.run('COMMIT')).command === 'COMMIT';
  }

  async rollback(): Promise<void> {
    await this.session.run('ROLLBACK');
  }

  async insert(table: NeutralTable, values: NeutralRow): Promise<NeutralRow> {
    const [row] = await this.returned(table, this.make.insert(table, values));
    if (row === undefined) throw new Error(`no row of ${table.id} was inserted`);
    return row;
  }

  async update(table: NeutralTable, key: string[], values: NeutralRow): Promise<NeutralRow | undefined> {
    return (await this.returned(table, this.make.update(table, key, values)))[0];
  }

  async delete(table: NeutralTable, key: string[]): Promise<boolean> {
    return (await this.returned(table, this.make.delete(table, key))).length > 0;
  }

  async enter(client: string, sequence: number, note: string): Promise<Entry> {
    const [row] = await this.run({
      sql: `INSERT INTO rehearsal_ledger.entries (client, sequence_number, note) VALUES ($1, $2::integer, $3)
            RETURNING id::text, pg_current_xact_id()::text`,
      values: [client, String(sequence), note],
    });
    return { entry: row?.[0] ?? '', transaction: row?.[1] ?? '' };
  }

  async takeJob({ table, column: name, waiting, done }: JobQueue): Promise<NeutralRow | undefined> {
    const column = table.columns.find((each) => each.name === name);
    const [key] = keyColumns(table);
    if (!column || !key) throw new Error(`${table.id} is no queue with a column ${name}.`);
    const state = this.make.column(column);
    const found = await this.run({
      sql: `SELECT ${this.make.row(table)} FROM ${this.make.table(table)} WHERE ${state} = $1 ORDER BY ${this.make.column(key)}
            LIMIT 1 FOR UPDATE SKIP LOCKED`,
      values: [waiting],
    });
    if (found[0] === undefined) return undefined;
    return this.update(table, keyOf(table, neutralRow(table, found[0])), { [name]: done });
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
    return found[0]?.[0]?.trim() ?? null;
  }

  async ignoreForeignKeys(): Promise<void> {
    await this.session.run('SET session_replication_role = replica');
  }

  async probe(): Promise<string> {
    const sql = 'INSERT INTO rehearsal_probe.attempts DEFAULT VALUES RETURNING pg_current_xact_id()::text';
    return (await this.run({ sql, values: [] }))[0]?.[0] ?? '';
  }

  isRefusal(error: unknown): boolean {
    return isRefusal(error);
  }

  isRefusedCommit(error: unknown): boolean {
    return isRefusal(error);
  }

  close(): void {
    this.session.close();
  }

  private returned(table: NeutralTable, { sql, values }: Statement): Promise<NeutralRow[]> {
    return this.read(table, { sql: `${sql} RETURNING ${this.make.row(table)}`, values });
  }

  private async read(table: NeutralTable, statement: Statement): Promise<NeutralRow[]> {
    return (await this.run(statement)).map((texts) => neutralRow(table, texts));
  }

  private async run({ sql, values }: Statement): Promise<(string | null)[][]> {
    return (await this.session.run(sql, values, values.length < 100 ? nameOf(sql) : undefined)).rows;
  }
}

const names = new Map<string, string>();

/** The same statement has the same name on every connection, so each prepares it once. */
function nameOf(sql: string): string {
  const known = names.get(sql) ?? `application ${names.size + 1}`;
  names.set(sql, known);
  return known;
}
