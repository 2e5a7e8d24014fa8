import type { Effect } from '../../ports/effect';
import type { Address, Credentials } from '../address';
import { effectOn, type DatabaseSide } from './side';

export interface WriteProofSql {
  /** Logs in as an application would, writes the nonce, and goes. */
  write(address: Address, credentials: Credentials, nonce: string, signal: AbortSignal): Promise<void>;
  /** A row for each nonce of the bound list that stands. */
  readonly read: string;
}

/**
 * One row by each write account, logged in at the address as the application would. A server that is not this side's
 * cannot show the certificate, so the proof cannot land elsewhere.
 */
export function proveWriteOn(side: DatabaseSide, at: { host: string; port: number }, sql: WriteProofSql): Effect {
  const proofs = side.manifest.accounts.write.map((account) => ({ account, nonce: side.nonces.next() }));
  return effectOn(side, 'prove-write', {
    touches: `cutover_local.write_proof of the ${side.title}, through ${at.host}:${at.port}`,
    act: async (_effects, signal) => {
      for (const { account, nonce } of proofs)
        await sql.write({ ...side.address, ...at }, await side.secrets.of(account.secretId), nonce, signal);
    },
    verify: async (signal) => {
      const rows = await side.reading.rows(sql.read, [proofs.map(({ nonce }) => nonce)], signal);
      return rows.length === proofs.length;
    },
  });
}
