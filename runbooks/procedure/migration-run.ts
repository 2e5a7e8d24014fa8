import type { Direction, SideName } from '../../definition/manifest/sections';
import type { AcceptedLoss, StateDetail, StateRow } from '../ports/control-state';
import type { Database } from '../ports/database';
import type { Reporter } from '../ports/operator';
import type { ReplicationTask } from '../ports/replication';
import type { Weights } from '../ports/routing';
import type { World } from '../ports/world';
import { opposite, otherSide, sideTo, type Situation } from './situation';
import type { LagObservation } from './lag-observation';
import type { UnprovenInterval } from './lost-side/unproven-interval';

/** One switch under way: who gives, who takes, and what was learned on the way. Steps of one run share it. */
export interface SwitchRun {
  readonly world: World;
  readonly reporter: Reporter;
  readonly direction: Direction;
  readonly from: Database;
  readonly to: Database;
  /** Slot on `to` from which the replication back will start. */
  readonly returnSlot: string;
  readonly notes: SwitchNotes;
}

/** What steps learn; durable parts of it also stand in the state rows. */
export interface SwitchNotes {
  epoch: number;
  switchEpoch: number;
  weightsBefore?: Readonly<Record<string, Weights>>;
  nextPosition?: string;
  /** True while this run knows that it has not sent its change batch; another run does not know it of this one. */
  routeUntouched?: boolean;
  /** True once this run has sent the decision to open: from then on an unknown answer is never unwound. */
  openAttempted: boolean;
  lag?: LagObservation;
  markerMilliseconds?: number;
  /** Slowest effect on a database, its journal included. */
  effectMilliseconds?: number;
  routeReadMilliseconds?: number;
  /** Highest TTL that a write record has in Route 53. */
  ttlSeconds?: number;
  /** From this run's first batch to INSYNC; absent until then. */
  propagationMilliseconds?: number;
  unwindingSinceMilliseconds?: number;
  /** What the last unwinding took until clients could write again. */
  undoMilliseconds?: number;
  /** How the rows are proven equal under the fence; chosen once per run. */
  proof?: 'changed keys' | 'every row';
  openedAtMilliseconds?: number;
  rollbackReadyAtMilliseconds?: number;
  acceptedLoss?: AcceptedLoss;
  loadSlots?: readonly string[];
  /** What has proven everything before the accepted interval. */
  lossProvenBy?: UnprovenInterval['provenBy'];
}

export function switchRun(
  world: World,
  reporter: Reporter,
  direction: Direction,
  epoch: number,
  situation: Situation,
): SwitchRun {
  const to = sideTo(direction);
  const { replication } = world.manifest;
  const underWay = situation.kind === 'switching' || situation.kind === 'opening';
  const detail: StateDetail = underWay ? (situation.row?.detail ?? {}) : {};
  return {
    world,
    reporter,
    direction,
    from: world.sides[otherSide(to)],
    to: world.sides[to],
    returnSlot: direction === 'forward' ? replication.reverseSlot : replication.forwardSlot,
    notes: {
      epoch,
      switchEpoch: underWay ? situation.switchEpoch : epoch,
      weightsBefore: detail.weightsBefore,
      nextPosition: detail.nextPosition,
      openedAtMilliseconds: situation.row?.detail.openedAtMilliseconds,
      acceptedLoss: detail.acceptedLoss,
      loadSlots: situation.row?.detail.loadSlots,
      undoMilliseconds: situation.row?.detail.undoMilliseconds,
      openAttempted: false,
    },
  };
}

/** The state row of this switch in a phase. */
export function rowOf(run: SwitchRun, phase: StateRow['phase'], primary: SideName): StateRow {
  const { notes } = run;
  return {
    epoch: notes.epoch,
    primary,
    direction: phase === 'steady' ? (primary === 'source' ? 'forward' : 'reverse') : run.direction,
    phase,
    switchEpoch: notes.switchEpoch,
    detail: {
      weightsBefore: notes.weightsBefore,
      nextPosition: notes.nextPosition,
      openedAtMilliseconds: notes.openedAtMilliseconds,
      rollbackReadyAtMilliseconds: notes.rollbackReadyAtMilliseconds,
      acceptedLoss: notes.acceptedLoss,
      loadSlots: notes.loadSlots,
      undoMilliseconds: notes.undoMilliseconds,
    },
  };
}

/** The tasks that replicate in a direction. The one that did the full load is never resumed in a later direction. */
export function tasksOf(world: Pick<World, 'tasks'>, direction: Direction): ReplicationTask[] {
  return direction === 'forward' ? [world.tasks.load, world.tasks.forward] : [world.tasks.reverse];
}

/** The task of a direction that runs now, if one does. */
export async function runningTask(
  world: Pick<World, 'tasks'>,
  direction: Direction,
  signal: AbortSignal,
): Promise<ReplicationTask | undefined> {
  for (const task of tasksOf(world, direction)) if ((await task.read(signal)).status === 'running') return task;
  return undefined;
}

/** The task that will replicate back after a switch in `direction`. */
export const returnTask = (world: World, direction: Direction): ReplicationTask =>
  opposite(direction) === 'reverse' ? world.tasks.reverse : world.tasks.forward;
