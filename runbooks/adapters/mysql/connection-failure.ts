import { UsageError } from '../../ports/failures';
import type { Address } from '../address';
import { isUnknownDatabase, messageOf, serverError } from './sql-error';

interface Cause {
  readonly code: string;
  readonly text: string;
  readonly next: string;
}

/** Node's codes for a chain that does not end in one of the given authorities (OpenSSL verify(1), "Diagnostics"). */
const otherAuthority = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
]);

const checkSecret = 'compare the secret in Secrets Manager with the account’s password on this side';
const checkNetwork = 'check host and port in the definition, security groups and routes from here';

/** With and without a password given. */
const wrongPassword = new Set([1045, 1698]);
/** Of the server, and of one account (max_user_connections). */
const tooManyConnections = new Set([1040, 1203, 1226]);
const hostBlocked = 1129;

function causeOf(error: unknown, address: Address): Cause {
  const number = serverError(error);
  const { code = '' } = error as { code?: string };
  const message = messageOf(error);
  if (number !== undefined && wrongPassword.has(number))
    return { code: 'database-wrong-password', text: 'wrong password', next: checkSecret };
  if (number !== undefined && isUnknownDatabase(error))
    return { code: 'database-no-such-database', text: message, next: 'check the database name in the definition' };
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
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      code: 'database-certificate-of-another-host',
      text: `the certificate is that of another host: it does not carry ${address.tlsServerName}`,
      next: 'check that the host is this side’s, and tlsServerName in the definition',
    };
  if (otherAuthority.has(code))
    return {
      code: 'database-certificate-of-another-authority',
      text: `the certificate is not signed by the given certificate authority (${code})`,
      next: 'check certificateAuthority in the definition; for RDS use the bundle of its region',
    };
  if (code.startsWith('CERT_'))
    return {
      code: 'database-certificate-not-valid',
      text: `the certificate is not valid: ${message}`,
      next: 'renew the certificate',
    };
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
  return { code: 'database-unreachable', text: `unreachable: ${message || code}`, next: checkNetwork };
}

/** Why a login did not succeed, in words, without secrets. */
export function connectionFailure(error: unknown, side: string, address: Address, account: string): UsageError {
  const cause = causeOf(error, address);
  return new UsageError(
    cause.code,
    `the ${side} database at ${address.host}:${address.port} cannot be used by account ${account}: ${cause.text}`,
    { next: cause.next, cause: error },
  );
}
