import type { Effect } from '../../ports/effect';
import { proveWriteOn, type WriteProofSql } from '../database/write-proof';
import { Client } from './client';
import { loginConfig } from './client-config';
import { connectionFailure } from './connection-failure';
import type { MysqlSide } from './mysql-side';

const proofOf = (side: MysqlSide): WriteProofSql => ({
  write: async (address, credentials, nonce, signal) => {
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
  },
  read: 'SELECT nonce FROM cutover_local.write_proof WHERE nonce IN (?)',
});

export const proveWrite = (side: MysqlSide, at: { host: string; port: number }): Effect =>
  proveWriteOn(side, at, proofOf(side));
