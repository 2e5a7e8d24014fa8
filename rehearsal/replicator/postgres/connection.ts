import { Client, type ClientConfig } from 'pg';
import type { Connection } from '../messages';

/**
 * Every session writes and reads values in one text form that loses nothing: ISO dates, shortest exact floats, hex
 * bytes, UTC. The source's text is then valid input on the target, whatever either database has as its default.
 */
const sessionSettings = {
  datestyle: 'ISO,YMD',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  extra_float_digits: '3',
  bytea_output: 'hex',
  xmloption: 'content',
  client_encoding: 'UTF8',
  lc_monetary: 'C',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  lock_timeout: '0',
};

/** On a source: names inside values (regclass) are printed with their schema, so they mean the same elsewhere. */
const qualifiedNames = { search_path: 'pg_catalog' };

/**
 * Opens a session with TLS verified against the endpoint's name and CA. `replication` gives a walsender session.
 * A target's session runs the endpoint's `afterConnectScript` first.
 * @throws pg's error when the server refuses or does not answer within ten seconds
 */
export async function connectPostgres(
  connection: Connection,
  purpose: string,
  options: { role: 'source' | 'target'; replication?: boolean },
): Promise<Client> {
  const config: ClientConfig & { replication?: 'database' } = {
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: connection.username,
    password: connection.password,
    ssl: { ca: connection.caCertificatePem, servername: connection.tlsServerName, rejectUnauthorized: true },
    application_name: `awsdms ${purpose}`,
    options: Object.entries({ ...sessionSettings, ...(options.role === 'source' && qualifiedNames) })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    ...(options.replication && { replication: 'database' }),
  };
  const client = new Client(config);
  // A lost session is seen by the query under way; without one it must not end the process.
  client.on('error', () => undefined);
  await client.connect();
  const script = options.role === 'target' && connection.afterConnectScript;
  if (script) await client.query(script);
  return client;
}
