import type { Effect } from '../../ports/effect';
import { proveWriteOn, type WriteProofSql } from '../database/write-proof';
import { loginConfig } from './client-config';
import { connectionFailure } from './connection-failure';
import { openClient } from './open-client';
import type { PostgresSide } from './postgres-side';

const proofOf = (side: PostgresSide): WriteProofSql => ({
  write: async (address, credentials, nonce, signal) => {
    const client = await openClient(loginConfig(address, credentials, 'cutover-write-proof'), signal).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        throw connectionFailure(error, side.side, address, credentials.username);
      },
    );
    try {
      await client.query('INSERT INTO cutover_local.write_proof (nonce) VALUES ($1)', [nonce]);
    } finally {
      await client.end().catch(() => undefined);
    }
  },
  read: 'SELECT nonce FROM cutover_local.write_proof WHERE nonce = ANY ($1::text[])',
});

export const proveWrite = (side: PostgresSide, at: { host: string; port: number }): Effect =>
  proveWriteOn(side, at, proofOf(side));
