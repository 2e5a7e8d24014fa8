import type { Direction } from '../../definition/manifest/sections';
import type { Database } from '../ports/database';
import type { Effect } from '../ports/effect';
import type { LatencyReading, ReplicationTask } from '../ports/replication';
import type { World } from '../ports/world';

/** Lag of one direction, watched for a while by two independent signals. */
export interface LagObservation {
  readonly startedAtMilliseconds: number;
  readonly finishedAtMilliseconds: number;
  /** From the write of a heartbeat on the primary to its sight on the other side; one figure per heartbeat. */
  readonly heartbeatMilliseconds: readonly number[];
  /** What DMS said at the end; absent when it said nothing. */
  readonly metric?: LatencyReading;
}

/** One heartbeat, waited for until it arrives or `giveUpMilliseconds` are over: the figure grows while none arrives. */
async function measureOnce(
  world: World,
  from: Database,
  to: Database,
  direction: Direction,
  giveUpMilliseconds: number,
  signal: AbortSignal,
): Promise<number> {
  const started = world.clock.nowMilliseconds();
  await from.flow.writeHeartbeat(direction).act(signal);
  // Others may watch at the same time: one of theirs that is under way already says nothing about this one.
  const written = await from.flow.readHeartbeat(direction, signal);
  for (;;) {
    const seen = await to.flow.readHeartbeat(direction, signal);
    const elapsed = world.clock.nowMilliseconds() - started;
    if (seen && written && seen.sequence >= written.sequence) return elapsed;
    if (elapsed >= giveUpMilliseconds) return elapsed;
    await world.clock.sleep(25, signal);
  }
}

/**
 * Writes heartbeats for `seconds` and hands each figure to `onSample`. One effect for the whole time: a journal of
 * single heartbeats would bury what matters.
 */
export function heartbeats(
  world: World,
  ends: { from: Database; to: Database; direction: Direction; task: ReplicationTask | undefined },
  seconds: number,
  onSample: (milliseconds: number) => void,
  onEnd: (observation: LagObservation) => void,
): Effect {
  const { clock, manifest } = world;
  const giveUp = Math.max(manifest.gates.maxLagSeconds * 2, 1) * 1000;
  let finished = false;
  return {
    name: `heartbeats-${ends.from.side}`,
    touches: `cutover_flow.heartbeat_${ends.direction} on ${ends.from.title}`,
    precheck: async () => false,
    act: async (signal) => {
      const figures: number[] = [];
      const startedAtMilliseconds = clock.nowMilliseconds();
      while (clock.nowMilliseconds() - startedAtMilliseconds < seconds * 1000) {
        const figure = await measureOnce(world, ends.from, ends.to, ends.direction, giveUp, signal);
        figures.push(figure);
        onSample(figure);
        await clock.sleep(Math.max(0, Math.min(1000, seconds * 100) - figure), signal);
      }
      const metric = await ends.task?.latency(signal);
      onEnd({
        startedAtMilliseconds,
        finishedAtMilliseconds: clock.nowMilliseconds(),
        heartbeatMilliseconds: figures,
        metric,
      });
      finished = true;
    },
    verify: async () => finished,
  };
}
