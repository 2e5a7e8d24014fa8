import { connect } from 'node:net';
import { createConnection, type Connection as Session, type ConnectionOptions } from 'mysql2/promise';
import type { Connection } from '../messages';

/** Nothing is changed to fit, and a key of 0 stays 0. */
const sqlMode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO';

/**
 * Every session speaks utf8mb4 and UTC and takes a backslash as it is, whatever the server has as its default. The
 * comments are run by those versions only that know the setting.
 */
const sessionSettings = [
  "SET NAMES utf8mb4 COLLATE utf8mb4_bin, time_zone = '+00:00', wait_timeout = 28800, net_write_timeout = 3600",
  `, sql_mode = '${sqlMode}'`,
  ' /*!50708 , max_execution_time = 0 */ /*M!100100 , max_statement_time = 0 */',
].join('');

/**
 * TLS is verified against the endpoint's name and CA. The driver checks the certificate against `host` and has no other
 * setting for the name: so the name stands there, and the socket goes to the address.
 */
export const mysqlOptions = (connection: Connection, purpose: string): ConnectionOptions => ({
  host: connection.tlsServerName,
  port: connection.port,
  stream: () => connect({ host: connection.host, port: connection.port, noDelay: true }).setKeepAlive(true, 10_000),
  user: connection.username,
  password: connection.password,
  ssl: {
    ca: connection.caCertificatePem,
    verifyIdentity: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  },
  charset: 'utf8mb4_bin',
  timezone: 'Z',
  connectTimeout: 10_000,
  connectAttributes: { program_name: `awsdms ${purpose}` },
  dateStrings: true,
  supportBigNumbers: true,
  bigNumberStrings: true,
  jsonStrings: true,
});

/**
 * Opens a session. A target's session runs the endpoint's `afterConnectScript`, statement by statement.
 * @throws the driver's error when the server refuses or does not answer within ten seconds
 */
export async function connectMysql(
  connection: Connection,
  purpose: string,
  options: { role: 'source' | 'target' },
): Promise<Session> {
  // Into a target many statements go in one packet.
  const multipleStatements = options.role === 'target';
  const session = await createConnection({ ...mysqlOptions(connection, purpose), multipleStatements });
  // A lost session is seen by the query under way; without one it must not end the process.
  session.on('error', () => undefined);
  try {
    await session.query(sessionSettings);
    const script = options.role === 'target' ? (connection.afterConnectScript ?? '') : '';
    for (const statement of script.split(';')) if (statement.trim() !== '') await session.query(statement);
    // What values mean hangs on the mode: it is not the script's to choose. Gaps need no locks where nobody else writes.
    if (options.role === 'target') {
      await session.query(`SET sql_mode = '${sqlMode}'; SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED`);
    }
  } catch (error) {
    session.destroy();
    throw error;
  }
  return session;
}
