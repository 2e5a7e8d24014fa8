import { checkServerIdentity } from 'node:tls';
import type { ClientConfig } from 'pg';
import type { Address, Credentials } from '../address';

/**
 * Settings of our own sessions. A role or database may set any of them otherwise, and both sides must print values the
 * same way. `search_path` keeps functions that somebody put into `public` from being called with our privileges;
 * `row_security = off` turns rows that a policy would hide into an error.
 */
const sessionSettings: Readonly<Record<string, string>> = {
  search_path: 'pg_catalog',
  timezone: 'UTC',
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  row_security: 'off',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  // A decision that is answered is durable, whatever the database's default is.
  synchronous_commit: 'on',
};

const connectTimeoutMilliseconds = 10_000;

/** Connection of an account to a side: TLS with certificate and name verified, always. */
export function loginConfig(address: Address, credentials: Credentials, applicationName: string): ClientConfig {
  return {
    host: address.host,
    port: address.port,
    database: address.database,
    user: credentials.username,
    password: credentials.password,
    application_name: applicationName,
    // Explicit: PGOPTIONS of the environment must not reach in.
    options: '',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    ssl: {
      ca: address.certificateAuthorityPem,
      servername: address.tlsServerName,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      // The driver puts the host it dials into `servername`; an alias must not decide which name is accepted.
      checkServerIdentity: (_host, certificate) => checkServerIdentity(address.tlsServerName, certificate),
    },
  };
}

/** Connection of the runbook's own account. */
export function runbookConfig(
  address: Address,
  credentials: Credentials,
  applicationName: string,
  access: 'read' | 'write',
): ClientConfig {
  const settings = { ...sessionSettings, default_transaction_read_only: access === 'read' ? 'on' : 'off' };
  return {
    ...loginConfig(address, credentials, applicationName),
    // One round trip for BEGIN, guard and statement.
    pipeline: true,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}
