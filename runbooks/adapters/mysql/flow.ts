import type { Flow } from '../../ports/flow';
import { flowOf, type FlowSql } from '../database/flow';
import { milliseconds } from './moments';
import type { MysqlSide } from './mysql-side';

/** Markers older than this are deleted by the next one. */
const keepMarkers = 'INTERVAL 1 DAY';

const sql: FlowSql = {
  readMarker: (direction) => `SELECT 1 FROM cutover_flow.marker_${direction} WHERE nonce = ?`,
  writeMarker: async (statement, direction, nonce, epoch) => {
    await statement(`DELETE FROM cutover_flow.marker_${direction} WHERE written_at < SYSDATE(6) - ${keepMarkers}`);
    await statement(
      `INSERT INTO cutover_flow.marker_${direction} (nonce, epoch, written_at) VALUES (?, ?, SYSDATE(6))`,
      [nonce, epoch],
    );
  },
  readHeartbeat: (direction) =>
    `SELECT \`sequence\` AS beat, ${milliseconds('written_at')} AS at FROM cutover_flow.heartbeat_${direction}`,
  beat: async (statement, direction) => {
    await statement(
      `INSERT INTO cutover_flow.heartbeat_${direction} (id, \`sequence\`, written_at) VALUES (1, 1, SYSDATE(6))
         ON DUPLICATE KEY UPDATE \`sequence\` = \`sequence\` + 1, written_at = SYSDATE(6)`,
    );
    const [row] = await statement(`SELECT \`sequence\` AS beat FROM cutover_flow.heartbeat_${direction}`);
    return Number(row?.['beat']);
  },
  clock: `SELECT ${milliseconds('SYSDATE(6)')} AS now`,
};

export const flow = (side: MysqlSide): Flow => flowOf(side, sql);
