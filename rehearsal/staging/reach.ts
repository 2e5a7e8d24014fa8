import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Side } from '../shapes/shape';
import { administered } from './adopted-engine';
import { verifiedCertificate } from './server-certificate';
import { NoTls, startTls } from './start-tls';
import type { StagingDatabase, StagingPair, StagingRequest } from './staging-pair';
import { shownUrl, UnusableStaging } from './staging-url';

/** Authorities of RDS in the regions of the environments. */
const certificatesOfRds = join(__dirname, '..', '..', 'certificates', 'eu-central-1-bundle.pem');

/**
 * Reaches both databases: their hosts' addresses, their certificates, a login. Nothing is changed.
 * @throws UnusableStaging that says which cannot be used and why
 */
export async function reachStaging(request: StagingRequest): Promise<StagingPair> {
  // One after the other: what is wrong with the source is said first.
  const source = await reach('source', request);
  const target = await reach('target', request);
  return { source, target, emptiesTarget: request.emptiesTarget };
}

async function reach(side: Side, request: StagingRequest): Promise<StagingDatabase> {
  const url = request[side];
  const { family, host: name, port, database, administrator } = url;
  const title = shownUrl(url);
  const host = await addressOf(side, name);
  const serverName = request.tlsNames[side] ?? name;
  const socket = await startTls(
    family,
    { host, port },
    { serverName, authorities: authorities(side, request.authorityFiles[side]) },
  ).catch((error: unknown) => {
    throw new UnusableStaging(
      error instanceof NoTls
        ? `the ${side} ${title} speaks no TLS, and passwords and rows go there by TLS alone: ${remedy[family]}`
        : `the ${side} ${title} cannot be reached: ${(error as Error).message || String((error as NodeJS.ErrnoException).code)}`,
    );
  });
  const certificate = (() => {
    try {
      return verifiedCertificate(side, socket, serverName);
    } finally {
      socket.destroy();
    }
  })();
  const found = { ...certificate, family, host, port, database, administrator, title };
  const session = await administered(found).catch((error: unknown) => {
    throw new UnusableStaging(`the ${side} ${title} refuses the login: ${(error as Error).message}`);
  });
  await session.close();
  return found;
}

const remedy = {
  mysql:
    'set ssl_ca, ssl_cert and ssl_key in the configuration of the server (MySQL makes its own by mysql_ssl_rsa_setup), and restart it',
  postgres: 'put server.crt and server.key into the data folder, ALTER SYSTEM SET ssl = on, SELECT pg_reload_conf()',
} as const;

/** IPv4 first: that is what name servers of a rehearsal answer. */
async function addressOf(side: Side, host: string): Promise<string> {
  for (const family of [4, 6]) {
    const found = await lookup(host, { family }).catch(() => undefined);
    if (found !== undefined) return found.address;
  }
  throw new UnusableStaging(`the host ${host} of the ${side} is not known: it has no address`);
}

function authorities(side: Side, file: string | undefined): string[] {
  if (file === undefined) return [...rootCertificates, readFileSync(certificatesOfRds, 'utf8')];
  if (!existsSync(file)) throw new UnusableStaging(`--${side}-ca ${file}: there is no such file`);
  const text = readFileSync(file, 'utf8');
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new UnusableStaging(`--${side}-ca ${file} holds no certificate in PEM`);
  return [text];
}
