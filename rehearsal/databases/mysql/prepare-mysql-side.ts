import { createConnection, type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise';
import { escapeId } from 'mysql2';
import type { MysqlEngine } from '../../engines/mysql';
import type { DatabaseAccounts } from '../accounts';
import { mysqlAccounts } from './grants';
import { mysqlRehearsalTables } from './rehearsal-tables';
import { runMysqlScript } from './run-mysql-script';

export interface MysqlSideOptions {
  readonly engine: MysqlEngine;
  readonly database: string;
  readonly accounts: DatabaseAccounts;
  /** A dump of mysqldump or mariadb-dump serves. */
  readonly schemaSql: string;
  readonly seedSql?: string;
  /** The side that is not primary: its writing accounts are locked, and it holds no rows. */
  readonly fenced: boolean;
}

export interface PreparedMysqlSide {
  /** What was done otherwise than the scripts say, in words. */
  readonly remarks: readonly string[];
}

/** Creates the application's database on a MySQL side: accounts, schema, grants, the rehearsal's own tables; and its data. */
export async function prepareMysqlSide(options: MysqlSideOptions): Promise<PreparedMysqlSide> {
  const { engine, database, accounts, schemaSql, seedSql, fenced } = options;
  const collations = new Map<string, string>();
  await connected(engine.administrator, async (connection) => {
    await connection.query(`CREATE DATABASE ${escapeId(database)}`);
    for (const sql of mysqlAccounts({ server: engine, database, accounts, fenced })) await connection.query(sql);
  });
  // A connection for each script: a dump sets its session up, and does not put it back.
  const load = (title: string, script: string) =>
    connected({ ...engine.administrator, database }, async (connection) => {
      const report = await runMysqlScript(connection, title, script);
      for (const [collation, other] of report.collations) collations.set(collation, other);
    });
  await load('the schema of the MySQL side', schemaSql);
  if (seedSql !== undefined && !fenced) await load('the data of the MySQL side', seedSql);
  await connected(engine.administrator, async (connection) => {
    for (const sql of mysqlRehearsalTables(accounts)) await connection.query(sql);
    if (fenced) await connection.query('SET FOREIGN_KEY_CHECKS = 0');
    for (const table of await tablesOf(connection, database)) {
      const name = `${escapeId(database)}.${escapeId(table)}`;
      if (fenced) await connection.query(`DELETE FROM ${name}`);
      else await connection.query(`ANALYZE TABLE ${name}`);
    }
  });
  return {
    remarks: [...collations].map(
      ([collation, other]) => `this server does not know the collation ${collation}: ${other} stands in its place`,
    ),
  };
}

async function tablesOf(connection: Connection, database: string): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'BASE TABLE'`,
    [database],
  );
  return rows.map((row) => String(row['name']));
}

async function connected<T>(options: ConnectionOptions, act: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection(options);
  // A lost connection fails the statement that is under way; the event alone must not end the process.
  connection.on('error', () => undefined);
  try {
    return await act(connection);
  } finally {
    await connection.end().catch(() => connection.destroy());
  }
}
