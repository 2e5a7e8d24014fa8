import { X509Certificate } from 'node:crypto';
import { probeTcp } from '../processes/addresses';

/** Before a data folder is made, which takes a second: the server itself would say it only in its log. */
export async function refuseTakenAddress(name: string, host: string, port: number): Promise<void> {
  await probeTcp({ host, port }).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRINUSE') throw error;
    throw new Error(
      `engine ${name} cannot listen on ${host}:${port}: another process does. Choose a free port, or end that process ` +
        `(ss -ltnp 'sport = :${port}')`,
    );
  });
}

/** The first DNS name that a certificate carries. */
export const firstName = (certificatePem: string): string | undefined =>
  /DNS:([^,\s]+)/.exec(new X509Certificate(certificatePem).subjectAltName ?? '')?.[1];
