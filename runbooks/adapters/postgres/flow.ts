import type { Direction } from '../../../definition/manifest/sections';
import type { Flow } from '../../ports/flow';
import { noGuard } from './effect-connection';
import { effectOn, type PostgresSide } from './postgres-side';
import { whereMissing } from './sql-error';

/** Markers older than this are deleted by the next one; the deletion travels like the marker did. */
const keepMarkers = '1 day';

const milliseconds = (expression: string) => `floor(extract(epoch FROM ${expression}) * 1000)::bigint::text`;

export function flow(side: PostgresSide): Flow {
  const { reading } = side;
  const markerSeen = async (direction: Direction, nonce: string, signal: AbortSignal) => {
    const rows = await whereMissing(
      reading.rows(`SELECT FROM cutover_flow.marker_${direction} WHERE nonce = $1`, [nonce], signal),
      [],
    );
    return rows.length > 0;
  };
  const readHeartbeat: Flow['readHeartbeat'] = async (direction, signal) => {
    const [row] = await whereMissing(
      reading.rows(
        `SELECT sequence::text, ${milliseconds('written_at')} AS at FROM cutover_flow.heartbeat_${direction}`,
        [],
        signal,
      ),
      [],
    );
    return row && { sequence: Number(row['sequence']), writtenAtMilliseconds: Number(row['at']) };
  };

  return {
    writeMarker: (direction, nonce) =>
      effectOn(side, `marker-${direction}`, {
        touches: `one row of cutover_flow.marker_${direction} on the ${side.title}`,
        precheck: (signal) => markerSeen(direction, nonce, signal),
        act: (effects, signal) =>
          effects.transaction(signal, async (statement) => {
            await statement(
              `WITH old AS (DELETE FROM cutover_flow.marker_${direction} WHERE written_at < clock_timestamp() - $3::interval)
               INSERT INTO cutover_flow.marker_${direction} (nonce, epoch, written_at) VALUES ($1, $2, clock_timestamp())`,
              [nonce, effects.adoptedEpoch, keepMarkers],
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
              const [row] = await statement(
                `INSERT INTO cutover_flow.heartbeat_${direction} AS present (id, sequence, written_at)
                   VALUES (1, 1, clock_timestamp())
                 ON CONFLICT (id) DO UPDATE SET sequence = present.sequence + 1, written_at = excluded.written_at
                 RETURNING sequence::text`,
              );
              written = Number(row?.['sequence']);
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
      const [row] = await reading.rows(`SELECT ${milliseconds('clock_timestamp()')} AS now`, [], signal);
      return Number(row?.['now']);
    },
  };
}
