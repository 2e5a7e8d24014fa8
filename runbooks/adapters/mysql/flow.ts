import type { Direction } from '../../../definition/manifest/sections';
import type { Flow } from '../../ports/flow';
import { noGuard } from './effect-connection';
import { effectOn, type MysqlSide } from './mysql-side';
import { whereMissing } from './sql-error';
import { milliseconds } from './moments';

/** Markers older than this are deleted by the next one; the deletion travels like the marker did. */
const keepMarkers = 'INTERVAL 1 DAY';

export function flow(side: MysqlSide): Flow {
  const { reading } = side;
  const markerSeen = async (direction: Direction, nonce: string, signal: AbortSignal) => {
    const rows = await whereMissing(
      reading.rows(`SELECT 1 FROM cutover_flow.marker_${direction} WHERE nonce = ?`, [nonce], signal),
      [],
    );
    return rows.length > 0;
  };
  const readHeartbeat: Flow['readHeartbeat'] = async (direction, signal) => {
    const [row] = await whereMissing(
      reading.rows(
        `SELECT \`sequence\` AS beat, ${milliseconds('written_at')} AS at FROM cutover_flow.heartbeat_${direction}`,
        [],
        signal,
      ),
      [],
    );
    return row && { sequence: Number(row['beat']), writtenAtMilliseconds: Number(row['at']) };
  };

  return {
    writeMarker: (direction, nonce) =>
      effectOn(side, `marker-${direction}`, {
        touches: `one row of cutover_flow.marker_${direction} on the ${side.title}`,
        precheck: (signal) => markerSeen(direction, nonce, signal),
        act: (effects, signal) =>
          effects.transaction(signal, async (statement) => {
            await statement(
              `DELETE FROM cutover_flow.marker_${direction} WHERE written_at < SYSDATE(6) - ${keepMarkers}`,
            );
            await statement(
              `INSERT INTO cutover_flow.marker_${direction} (nonce, epoch, written_at) VALUES (?, ?, SYSDATE(6))`,
              [nonce, effects.adoptedEpoch],
            );
          }),
        verify: (signal) => markerSeen(direction, nonce, signal),
      }),
    markerSeen,

    writeHeartbeat: (direction) => {
      let written: number | undefined;
      return effectOn(side, `heartbeat-${direction}`, {
        touches: `the row of cutover_flow.heartbeat_${direction} on the ${side.title}`,
        act: (effects, signal) =>
          effects.transaction(
            signal,
            async (statement) => {
              await statement(
                `INSERT INTO cutover_flow.heartbeat_${direction} (id, \`sequence\`, written_at) VALUES (1, 1, SYSDATE(6))
                   ON DUPLICATE KEY UPDATE \`sequence\` = \`sequence\` + 1, written_at = SYSDATE(6)`,
              );
              const [row] = await statement(`SELECT \`sequence\` AS beat FROM cutover_flow.heartbeat_${direction}`);
              written = Number(row?.['beat']);
            },
            noGuard,
          ),
        verify: async (signal) => {
          const seen = await readHeartbeat(direction, signal);
          return written !== undefined && seen !== undefined && seen.sequence >= written;
        },
      });
    },
    readHeartbeat,

    engineClockMilliseconds: async (signal) => {
      const [row] = await reading.rows(`SELECT ${milliseconds('SYSDATE(6)')} AS now`, [], signal);
      return Number(row?.['now']);
    },
  };
}
