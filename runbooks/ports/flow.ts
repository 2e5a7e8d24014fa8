import type { Direction } from '../../definition/manifest/sections';
import type { Effect } from './effect';

/** Rows that travel through replication and prove it: markers and heartbeats, one pair of tables per direction. */
export interface Flow {
  writeMarker(direction: Direction, nonce: string): Effect;
  markerSeen(direction: Direction, nonce: string, signal: AbortSignal): Promise<boolean>;
  /** One heartbeat: the sequence number and the clock of this side's engine. */
  writeHeartbeat(direction: Direction): Effect;
  /** Newest heartbeat visible on this side; absent when none has arrived yet. */
  readHeartbeat(
    direction: Direction,
    signal: AbortSignal,
  ): Promise<{ sequence: number; writtenAtMilliseconds: number } | undefined>;
  /** This side's own clock, in milliseconds since 1970. */
  engineClockMilliseconds(signal: AbortSignal): Promise<number>;
}
