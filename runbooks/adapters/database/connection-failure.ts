import { UsageError } from '../../ports/failures';
import type { Address } from '../address';

/** Why a login did not succeed, and what to do. */
export interface Cause {
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

export const checkSecret = 'compare the secret in Secrets Manager with the account’s password on this side';
export const checkNetwork = 'check host and port in the definition, security groups and routes from here';

/** What a socket or TLS says, before any server of an engine has said a word. */
function causeOnTheWay(error: unknown, address: Address): Cause {
  const { code = '', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
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
  return { code: 'database-unreachable', text: `unreachable: ${message || code}`, next: checkNetwork };
}

/**
 * Why a login did not succeed, in words, without secrets.
 * @param causeOfEngine what the engine or its driver says; undefined where the way there is to blame
 */
export const connectionFailureOf =
  (causeOfEngine: (error: unknown) => Cause | undefined) =>
  (error: unknown, side: string, address: Address, account: string): UsageError => {
    const { code, text, next } = causeOfEngine(error) ?? causeOnTheWay(error, address);
    return new UsageError(
      code,
      `the ${side} database at ${address.host}:${address.port} cannot be used by account ${account}: ${text}`,
      { next, cause: error },
    );
  };
