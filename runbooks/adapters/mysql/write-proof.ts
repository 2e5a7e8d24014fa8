import type { Effect } from '../../ports/effect';
import { Client } from './client';
import { loginConfig } from './client-config';
import { connectionFailure } from './connection-failure';
import { effectOn, type MysqlSide } from './mysql-side';

/**
 * One row by each write account, logged in at the address as the application would. A server that is not this side's
 * cannot show the certificate, so the proof cannot land elsewhere.
 */
export function proveWrite(side: MysqlSide, at: { host: string; port: number }): Effect {
  const proofs = side.manifest.accounts.write.map((account) => ({ account, nonce: side.nonces.next() }));
  return effectOn(side, 'prove-write', {
    touches: `cutover_local.write_proof of the ${side.title}, through ${at.host}:${at.port}`,
    act: async (_effects, signal) => {
      for (const { account, nonce } of proofs) {
        const credentials = await side.secrets.of(account.secretId);
        const address = { ...side.address, ...at };
        const client = await Client.open(loginConfig(address, credentials, 'cutover-write-proof'), signal).catch(
          (error: unknown) => {
            signal.throwIfAborted();
            throw connectionFailure(error, side.side, address, credentials.username);
          },
        );
        try {
          await client.query('INSERT INTO cutover_local.write_proof (nonce) VALUES (?)', [nonce]);
        } finally {
          await client.end();
        }
      }
    },
    verify: async (signal) => {
      const rows = await side.reading.rows(
        'SELECT nonce FROM cutover_local.write_proof WHERE nonce IN (?)',
        [proofs.map(({ nonce }) => nonce)],
        signal,
      );
      return rows.length === proofs.length;
    },
  });
}
