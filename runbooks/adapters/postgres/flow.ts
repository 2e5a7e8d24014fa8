import type { Flow } from '../../ports/flow';
import { flowOf, type FlowSql } from '../database/flow';
import { milliseconds } from './moments';
import type { PostgresSide } from './postgres-side';

/** Markers older than this are deleted by the next one. */
const keepMarkers = `interval '1 day'`;

const sql: FlowSql = {
  readMarker: (direction) => `SELECT FROM cutover_flow.marker_${direction} WHERE nonce = $1`,
  writeMarker: async (statement, direction, nonce, epoch) => {
    await statement(
      `WITH old AS (DELETE FROM cutover_flow.marker_${direction} WHERE written_at < clock_timestamp() - ${keepMarkers})
       INSERT INTO cutover_flow.marker_${direction} (nonce, epoch, written_at) VALUES ($1, $2, clock_timestamp())`,
      [nonce, epoch],
    );
  },
  readHeartbeat: (direction) =>
    `SELECT sequence AS beat, ${milliseconds('written_at')} AS at FROM cutover_flow.heartbeat_${direction}`,
  beat: async (statement, direction) => {
    const [row] = await statement(
      `INSERT INTO cutover_flow.heartbeat_${direction} AS present (id, sequence, written_at)
         VALUES (1, 1, clock_timestamp())
       ON CONFLICT (id) DO UPDATE SET sequence = present.sequence + 1, written_at = excluded.written_at
       RETURNING sequence AS beat`,
    );
    return Number(row?.['beat']);
  },
  clock: `SELECT ${milliseconds('clock_timestamp()')} AS now`,
};

export const flow = (side: PostgresSide): Flow => flowOf(side, sql);
