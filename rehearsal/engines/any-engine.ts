import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { Client } from 'pg';
import type { MysqlEngine } from './mysql';
import type { Engine } from './postgres';

export type AnyEngine = Engine | MysqlEngine;

/** The engine of a side that must be PostgreSQL. @throws Error when it is not */
export function postgresOf(engine: AnyEngine): Engine {
  if (engine.family === 'postgres') return engine;
  throw new Error(`PostgreSQL is wanted here, and this is ${engine.product} ${engine.version}`);
}

/** The engine of a side that must be MySQL or MariaDB. @throws Error when it is not */
export function mysqlOf(engine: AnyEngine): MysqlEngine {
  if (engine.family === 'mysql') return engine;
  throw new Error(`MySQL or MariaDB is wanted here, and this is ${nameOfEngine(engine)}`);
}

/** For people: `PostgreSQL 17`, `MariaDB 10.11.19`. */
export function nameOfEngine(engine: AnyEngine): string {
  if (engine.family === 'postgres') return `PostgreSQL ${engine.majorVersion}`;
  return `${engine.product === 'mariadb' ? 'MariaDB' : 'MySQL'} ${engine.version}`;
}

/** Whose login {@link administer} takes. */
export function administratorOf(engine: AnyEngine): { readonly username: string; readonly password: string } {
  const { user, password } = engine.family === 'mysql' ? engine.administrator : engine.superuser;
  return { username: String(user), password: String(password) };
}

export interface Administrator {
  /** Statements without values; rows of the last one. Several statements may stand in one text. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Logs in to a database as whoever administers the engine. */
export async function administer(engine: AnyEngine, database: string): Promise<Administrator> {
  if (engine.family === 'mysql') {
    const connection = await createConnection({ ...engine.administrator, database, multipleStatements: true });
    connection.on('error', () => undefined);
    return {
      query: async (sql) => {
        const [rows] = await connection.query<RowDataPacket[]>(sql);
        return Array.isArray(rows) ? rows : [];
      },
      close: () => connection.end(),
    };
  }
  const client = new Client({ ...engine.superuser, database });
  client.on('error', () => undefined);
  await client.connect();
  return {
    query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
    close: () => client.end(),
  };
}
