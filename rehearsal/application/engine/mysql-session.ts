import { createConnection, type Connection, type ConnectionOptions, type ResultSetHeader } from 'mysql2/promise';
import { mysqlLogin } from '../../engines/mysql';
import type { Account, DatabaseEndpoint } from '../database';

/** A frozen server must not freeze its clients for ever: the outcome is then unknown, like a lost answer. */
const LONGEST_STATEMENT_MILLISECONDS = 15_000;

const SETTINGS = [
  "SET NAMES utf8mb4 COLLATE utf8mb4_bin, time_zone = '+00:00'",
  "sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES,NO_ENGINE_SUBSTITUTION'",
].join(', ');

/** The connection is gone, or will be: killed (1927), told to end (1053), locked out (3118, 4151) or refused (1045). */
const FATAL = new Set([1045, 1053, 1927, 3118, 4151]);

interface Rejection {
  errno?: number;
  code?: string;
  sqlState?: string;
  fatal?: boolean;
}

export interface MysqlResult {
  rows: (string | null)[][];
  changed: number;
  madeKey: string;
}

/** One connection to MySQL or MariaDB. It never reconnects by itself. Values go and come as text. */
export class MysqlSession {
  /** Set as soon as the connection is known to be gone. */
  broken = false;
  private readonly connection: Connection;

  private constructor(connection: Connection) {
    this.connection = connection;
    connection.on('error', () => (this.broken = true));
    connection.on('end', () => (this.broken = true));
  }

  /** Connects with the server's certificate verified against the endpoint's name. Throws when refused. */
  static async open(database: DatabaseEndpoint, account: Account, applicationName: string): Promise<MysqlSession> {
    const connection = await createConnection(loginOf(database, account, applicationName));
    const session = new MysqlSession(connection);
    try {
      await connection.query(SETTINGS);
      await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Runs one statement, prepared where it takes values. Throws the driver's error. */
  async run(sql: string, values: (string | null)[] = []): Promise<MysqlResult> {
    const statement = { sql, rowsAsArray: true as const, timeout: LONGEST_STATEMENT_MILLISECONDS };
    try {
      const [answer] = await (values.length === 0
        ? this.connection.query(statement)
        : this.connection.execute(statement, values));
      if (Array.isArray(answer)) return { rows: answer as unknown as (string | null)[][], changed: 0, madeKey: '' };
      const { affectedRows, insertId } = answer as ResultSetHeader;
      return { rows: [], changed: affectedRows, madeKey: String(insertId) };
    } catch (error) {
      if (!isMysqlRefusal(error)) {
        this.broken = true;
        // What was given up waiting for may still come: nothing more is asked of this connection.
        this.connection.destroy();
      }
      throw error;
    }
  }

  /** Lets the connection go without waiting for it. */
  close(): void {
    if (!this.broken) this.connection.end().catch(() => this.connection.destroy());
    this.broken = true;
  }
}

const loginOf = (database: DatabaseEndpoint, account: Account, applicationName: string): ConnectionOptions => ({
  ...mysqlLogin({
    ...{ host: database.host, port: database.port, tlsServerName: database.tlsServerName },
    ...{ authorityPem: database.caCertificatePem, user: account.username, password: account.password },
  }),
  database: database.database,
  connectTimeout: 2000,
  connectAttributes: { program_name: applicationName },
  jsonStrings: true,
});

/** The server answered "no" and goes on listening; everything else leaves the connection unusable. */
export function isMysqlRefusal(error: unknown): boolean {
  const { errno, sqlState, fatal } = error as Rejection;
  return errno !== undefined && sqlState !== undefined && fatal !== true && !FATAL.has(errno) && errno < 5000;
}

/** Deadlock, read-only server, refused by group replication: nothing stands. Of any other failed COMMIT nobody knows. */
const REFUSED_COMMITS = new Set([1213, 1290, 1792, 1836, 3101]);

export function isRefusedMysqlCommit(error: unknown): boolean {
  return isMysqlRefusal(error) && REFUSED_COMMITS.has((error as Rejection).errno ?? 0);
}
