import type { Direction } from '../../../definition/manifest/sections';
import type { Flow } from '../../ports/flow';
import { effectOn, noGuard, type DatabaseSide, type Statement } from './side';

export interface FlowSql {
  /** At least one row where the marker stands; takes its nonce. */
  readMarker(direction: Direction): string;
  /** Writes a marker and deletes old ones: the deletion travels like the marker did. */
  writeMarker(statement: Statement, direction: Direction, nonce: string, epoch: number): Promise<void>;
  /** beat and at (milliseconds since 1970). */
  readHeartbeat(direction: Direction): string;
  /** Answers which beat it was. */
  beat(statement: Statement, direction: Direction): Promise<number>;
  /** now, in milliseconds since 1970. */
  readonly clock: string;
}

/** What travels through replication to be seen on the other side. */
export function flowOf(side: DatabaseSide, sql: FlowSql): Flow {
  const { reading } = side;
  const markerSeen: Flow['markerSeen'] = async (direction, nonce, signal) =>
    (await reading.rowsIfMade(sql.readMarker(direction), [nonce], signal)).length > 0;
  const readHeartbeat: Flow['readHeartbeat'] = async (direction, signal) => {
    const [row] = await reading.rowsIfMade(sql.readHeartbeat(direction), [], signal);
    return row && { sequence: Number(row['beat']), writtenAtMilliseconds: Number(row['at']) };
  };

  return {
    writeMarker: (direction, nonce) =>
      effectOn(side, `marker-${direction}`, {
        touches: `one row of cutover_flow.marker_${direction} on the ${side.title}`,
        precheck: (signal) => markerSeen(direction, nonce, signal),
        act: (effects, signal) =>
          effects.transaction(signal, (statement) =>
            sql.writeMarker(statement, direction, nonce, effects.adoptedEpoch),
          ),
        verify: (signal) => markerSeen(direction, nonce, signal),
      }),
    markerSeen,

    writeHeartbeat: (direction) => {
      let written: number | undefined;
      return effectOn(side, `heartbeat-${direction}`, {
        touches: `the row of cutover_flow.heartbeat_${direction} on the ${side.title}`,
        act: async (effects, signal) => {
          written = await effects.transaction(signal, (statement) => sql.beat(statement, direction), noGuard);
        },
        verify: async (signal) => {
          const seen = await readHeartbeat(direction, signal);
          return written !== undefined && seen !== undefined && seen.sequence >= written;
        },
      });
    },
    readHeartbeat,

    engineClockMilliseconds: async (signal) => {
      const [row] = await reading.rows(sql.clock, [], signal);
      return Number(row?.['now']);
    },
  };
}
