import { UsageError } from '../../ports/failures';
import type { Address } from '../address';
import { messageOf, sqlState } from './sql-error';

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

function causeOf(error: unknown, address: Address): Cause {
  const state = sqlState(error);
  const { code = '' } = error as { code?: string };
  const message = messageOf(error);
  if (state === '28P01') return { code: 'database-wrong-password', text: 'wrong password', next: checkSecret };
  if (state === '3D000')
    return { code: 'database-no-such-database', text: message, next: 'check the database name in the definition' };
  if (state === '53300')
    return { code: 'database-too-many-connections', text: message, next: 'free connections or raise max_connections' };
  if (state) return { code: 'database-login-refused', text: `${message} (SQLSTATE ${state})`, next: checkSecret };
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
  if (message.includes('does not support SSL'))
    return { code: 'database-no-tls', text: 'the server offers no TLS', next: 'turn ssl on in the server' };
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
