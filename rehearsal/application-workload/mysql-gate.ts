import type { AdministeredDatabase } from '../application/model/read-model';
import { MysqlSession } from '../application/engine/mysql-session';
import type { GateView } from '../workload/observer';

/** Accounts that can log in: not locked, and not asked for a certificate. MariaDB keeps the lock in a JSON document. */
const OF_MARIADB = `SELECT DISTINCT CAST(g.User AS CHAR) FROM mysql.global_priv g
  JOIN mysql.user u ON u.User = g.User AND u.Host = g.Host
  WHERE COALESCE(JSON_VALUE(g.Priv, '$.account_locked'), 'false') NOT IN ('true', '1') AND u.x509_subject = ''`;
const OF_MYSQL = "SELECT DISTINCT CAST(User AS CHAR) FROM mysql.user WHERE account_locked = 'N' AND x509_subject = ''";

/** The gate of a MySQL or MariaDB side, seen by whoever administers it. An account is every host of its name. */
export const mysqlGate = (database: AdministeredDatabase, writers: string[]) => async (): Promise<GateView> => {
  const session = await MysqlSession.open(database, database.administrator, 'rehearsal observer');
  const [version] = (await session.run('SELECT VERSION()')).rows;
  const accounts = `${version?.[0]?.includes('MariaDB') ? OF_MARIADB : OF_MYSQL}`;
  return {
    close: () => session.close(),
    async sample() {
      const unlocked = await unlockedOf(session, accounts, writers);
      // The list in information_schema cannot be read while a statement has a character of four bytes (MySQL 9.7).
      const { rows } = await session.run('SHOW PROCESSLIST');
      return { unlocked, sessions: rows.filter(([, user]) => writers.includes(user ?? '')).length };
    },
  };
};

async function unlockedOf(session: MysqlSession, accounts: string, writers: string[]): Promise<string[]> {
  const { rows } = await session.run(accounts);
  return rows
    .map(([name]) => name ?? '')
    .filter((name) => writers.includes(name))
    .sort();
}
