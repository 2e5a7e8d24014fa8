import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { UnusableStaging } from './staging-url';

export interface VerifiedCertificate {
  /** A DNS name that the certificate carries. */
  readonly tlsServerName: string;
  /** The authorities that it was verified with, and no others. */
  readonly certificateAuthorityPem: string;
}

/**
 * Verifies who answered, as the product does: by the authority's signature and by name.
 * @throws UnusableStaging that names the option that would help
 */
export function verifiedCertificate(
  side: 'source' | 'target',
  socket: TLSSocket,
  serverName: string,
): VerifiedCertificate {
  const certificate = socket.getPeerCertificate(true);
  const names = dnsNames(certificate);
  if (!socket.authorized) {
    const issuer = String(certificate.issuer?.CN ?? certificate.issuer?.O ?? 'somebody without a name');
    throw new UnusableStaging(
      `the certificate of the ${side} cannot be verified (${reasonOf(socket)}): it was issued by ${issuer}. Name a file with ` +
        `the certificate of that authority: --${side}-ca FILE`,
    );
  }
  const mismatch = checkServerIdentity(serverName, certificate);
  const [named] = names.filter((name) => !name.includes('*'));
  if (mismatch !== undefined)
    throw new UnusableStaging(
      `the certificate of the ${side} is ${names.length > 0 ? `for ${names.join(', ')}` : 'for no DNS name'}, not for ` +
        `${serverName}. Connect by the name that it carries, or say that name: --${side}-tls-name ${named ?? 'NAME'}`,
    );
  // An address cannot stand as a server name in TLS: any of the names of the same certificate serves.
  const tlsServerName = isIP(serverName) === 0 ? serverName : named;
  if (tlsServerName === undefined)
    throw new UnusableStaging(
      `the certificate of the ${side} is for the address ${serverName} alone: the runbooks verify a DNS name. Issue one that carries a name`,
    );
  return { tlsServerName, certificateAuthorityPem: authoritiesOf(certificate) };
}

const reasonOf = ({ authorizationError }: TLSSocket): string => String(authorizationError);

function dnsNames(certificate: DetailedPeerCertificate): string[] {
  const found = [...(certificate.subjectaltname ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, name]) => name ?? '');
  return found.length > 0 ? found : [certificate.subject?.CN ?? []].flat();
}

/** From the one that signed it up to the one that signed itself: little enough to stand in a manifest. */
function authoritiesOf(certificate: DetailedPeerCertificate): string {
  const chain: string[] = [];
  let at: DetailedPeerCertificate | undefined = certificate;
  for (;;) {
    const issuer: DetailedPeerCertificate | undefined = at.issuerCertificate;
    if (issuer === undefined || issuer.fingerprint256 === at.fingerprint256) break;
    chain.push(new X509Certificate(issuer.raw).toString());
    at = issuer;
  }
  return (chain.length > 0 ? chain : [new X509Certificate(certificate.raw).toString()]).join('');
}
