import { checkNetwork, checkSecret, connectionFailureOf, type Cause } from '../database/connection-failure';
import { isUnknownDatabase, messageOf, serverError } from './sql-error';

/** With and without a password given. */
const wrongPassword = new Set([1045, 1698]);
/** Of the server, and of one account (max_user_connections). */
const tooManyConnections = new Set([1040, 1203, 1226]);
const hostBlocked = 1129;

function causeOf(error: unknown): Cause | undefined {
  const number = serverError(error);
  const { code = '' } = error as { code?: string };
  const message = messageOf(error);
  if (number !== undefined && wrongPassword.has(number))
    return { code: 'database-wrong-password', text: 'wrong password', next: checkSecret };
  if (number !== undefined && isUnknownDatabase(error))
    return {
      code: 'database-no-such-database',
      text: message,
      next: 'check the database name in the definition; if it is right, GRANT SELECT on that database to the account',
    };
  if (number !== undefined && tooManyConnections.has(number))
    return { code: 'database-too-many-connections', text: message, next: 'free connections or raise max_connections' };
  if (number === hostBlocked)
    return {
      code: 'database-login-refused',
      text: `${message} (error ${number})`,
      next: 'have an administrator of the server run FLUSH HOSTS (or TRUNCATE performance_schema.host_cache)',
    };
  if (number !== undefined)
    return { code: 'database-login-refused', text: `${message} (error ${number})`, next: checkSecret };
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return {
      code: 'database-no-tls',
      text: 'the server offers no TLS',
      next: 'give the server a certificate (ssl_cert, ssl_key)',
    };
  if (code === 'HANDSHAKE_SSL_ERROR' && !('syscall' in (error as object)))
    return {
      code: 'database-no-tls',
      text: `the server offers no TLS that is taken here: ${message}`,
      next: 'allow TLS 1.2 or 1.3 in the server (tls_version)',
    };
  if (code === 'AUTH_SWITCH_PLUGIN_ERROR' || message.includes('Unknown auth plugin'))
    return {
      code: 'database-login-refused',
      text: `the account logs in by a plugin that is not known here: ${message}`,
      next: 'give the account a password of caching_sha2_password, mysql_native_password or ed25519',
    };
  // Somebody is there, and must not be taken for a server that is gone.
  if (code.startsWith('PROTOCOL_') && code !== 'PROTOCOL_CONNECTION_LOST')
    return {
      code: 'database-login-refused',
      text: `what answers does not speak as a MySQL server does: ${message} (${code})`,
      next: checkNetwork,
    };
  return undefined;
}

export const connectionFailure = connectionFailureOf(causeOf);
