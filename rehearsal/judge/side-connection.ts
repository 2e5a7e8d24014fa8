import type { AdministeredDatabase } from '../application/model/read-model';
import { MysqlSession } from '../application/engine/mysql-session';
import { Session, type SessionOptions } from '../workload/session';

type PostgresConnection = SessionOptions & { family?: 'postgres' };
type MysqlConnection = AdministeredDatabase & { family: 'mysql' };

/** How a side is read by whoever administers it, by its engine's family. */
export type SideConnection = PostgresConnection | MysqlConnection;

export const isMysql = (connection: SideConnection): connection is MysqlConnection => connection.family === 'mysql';

/** Rows as arrays of text. */
export type ReadRows = (sql: string) => Promise<(string | null)[][]>;

/** Logs in for as long as `act` takes. Throws when the side cannot be asked. */
export async function asked<T>(connection: SideConnection, act: (read: ReadRows) => Promise<T>): Promise<T> {
  const session = isMysql(connection)
    ? await MysqlSession.open(connection, connection.administrator, 'judge')
    : await Session.open(connection);
  try {
    return await act(async (sql) => (await session.run(sql)).rows);
  } finally {
    session.close();
  }
}
