import { isIP } from 'node:net';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

interface IssuedCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export interface CertificateAuthority {
  /** What clients trust. P-256, so that it stays far below the 4 KB of an SSM parameter. */
  readonly certificatePem: string;
  /** A server certificate for DNS names and IP addresses; the first name is the subject. */
  issue(names: readonly string[]): Promise<IssuedCertificate>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const validMilliseconds = 2 * 24 * 3600 * 1000;

/** A certificate authority that lives as long as the rehearsal: its private key never leaves this process. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const keys = await generateKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Cutover rehearsal CA',
    serialNumber: serialNumber(),
    ...validity(),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificatePem: pem(authority.toString('pem')),
    issue: (names) => issue(authority, keys.privateKey, names),
  };
}

async function issue(
  authority: x509.X509Certificate,
  authorityKey: webcrypto.CryptoKey,
  names: readonly string[],
): Promise<IssuedCertificate> {
  const subject = names[0];
  if (subject === undefined) throw new Error('a certificate needs at least one DNS name or IP address; none was given');
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${subject}`,
    issuer: authority.subject,
    serialNumber: serialNumber(),
    ...validity(),
    publicKey: keys.publicKey,
    signingKey: authorityKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  const privateKey = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return {
    certificatePem: pem(certificate.toString('pem')),
    privateKeyPem: pem(x509.PemConverter.encode(privateKey, 'PRIVATE KEY')),
  };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** The authority and its certificates start a minute in the past: a clock that is stepped back must not refuse them. */
function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 60_000), notAfter: new Date(now + validMilliseconds) };
}

/** Positive: the first bit is cleared. */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('hex');
}

function pem(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
