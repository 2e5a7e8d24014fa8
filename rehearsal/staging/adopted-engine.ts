import { administer, type Administrator, type AnyEngine } from '../engines/any-engine';
import { mysqlLogin } from '../engines/mysql';
import type { StagingDatabase } from './staging-pair';

/** What of an engine this is not for: it is somebody else's server. */
const theirs = {
  processId: -1,
  stop: async () => undefined,
  kill: () => Promise.reject(new Error('a running server of somebody is not killed')),
  restart: () => Promise.reject(new Error('a running server of somebody is not restarted')),
};

/** Logs in as the administrator to the database that was named. */
export const administered = (database: StagingDatabase): Promise<Administrator> =>
  administer(loginOnly(database), database.database);

/** A running server in place of one that a rehearsal starts: it has no log that could be read, and is never ended. */
export async function adoptEngine(database: StagingDatabase, logFile: string): Promise<AnyEngine> {
  const engine = loginOnly(database);
  const session = await administer(engine, database.database);
  try {
    if (engine.family === 'mysql') {
      const [row] = await session.query('SELECT VERSION() AS version');
      const version = String(row?.['version']);
      const number = /\d+\.\d+\.\d+/.exec(version.replace(/^5\.5\.5-/, ''))?.[0] ?? version;
      return { ...engine, logFile, version: number, product: /mariadb/i.test(version) ? 'mariadb' : 'mysql' };
    }
    const [row] = await session.query(`SELECT current_setting('server_version_num')::int / 10000 AS major`);
    return { ...engine, logFile, majorVersion: Number(row?.['major']) };
  } finally {
    await session.close();
  }
}

function loginOnly(place: StagingDatabase): AnyEngine {
  const { family, host, port, tlsServerName, certificateAuthorityPem, administrator } = place;
  const login = { user: administrator.username, password: administrator.password };
  const common = { ...theirs, host, port, logFile: '' };
  if (family === 'mysql')
    return {
      ...{ ...common, family, product: 'mysql', version: '' },
      administrator: mysqlLogin({ ...login, host, port, tlsServerName, authorityPem: certificateAuthorityPem }),
    };
  return {
    ...{ ...common, family, majorVersion: 0 },
    superuser: {
      host,
      port,
      ...login,
      connectionTimeoutMillis: 10_000,
      ssl: { ca: certificateAuthorityPem, servername: tlsServerName },
    },
  };
}
