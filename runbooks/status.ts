/**
 * Runbook: status. Where the migration stands, and the one command that comes next. Changes nothing.
 *
 * Usage:     cutover status MIGRATION --environment NAME [--json]
 */
import type { World } from './ports/world';
import { keepOut, type ByHand } from './procedure/break-glass';
import { intervalText } from './procedure/lost-side/unproven-interval';
import { driftOf, windowOf } from './rollback-window';
import { readSituation } from './procedure/read-situation';
import { otherSide, type Situation } from './procedure/situation';

export interface Status {
  readonly situation: Situation;
  readonly lock: string;
  readonly routes: readonly string[];
  readonly tasks: readonly string[];
  readonly window?: string;
  /** What has changed since the switch, and would be met on the way back. */
  readonly drift: readonly string[];
  /** What a migration that has ended leaves: the work to do, or the loss that was accepted. */
  readonly legacy?: string;
  /** Slots that nobody reads while they keep the log: they fill a disk. */
  readonly idleSlots: readonly string[];
  /** To be done by hand before anything else. */
  readonly byHand: readonly ByHand[];
  readonly next: string;
}

const nextOf: Record<Situation['kind'], string> = {
  'not started': 'cutover start',
  starting: 'cutover start',
  steady: 'cutover check',
  switching: 'cutover resume',
  opening: 'cutover resume',
  finalized: 'cutover plan',
  contradictory: 'cutover status',
};

export async function status(world: World, signal: AbortSignal): Promise<Status> {
  const situation = await readSituation(world, signal);
  const lock = await world.lock.read(signal);
  const routes = (await world.routing.read(signal)).map(
    ({ record, weights, parameterWeights }) =>
      `${record.name} (${record.kind}): source ${weights?.source ?? '?'}, target ${weights?.target ?? '?'}; SSM source ${parameterWeights?.source ?? '?'}, target ${parameterWeights?.target ?? '?'}`,
  );
  const tasks = await Promise.all(
    Object.values(world.tasks).map(async (task) => `${task.identifier}: ${(await task.read(signal)).status}`),
  );
  return {
    situation,
    lock: lock?.holder ? `${lock.holder.name} runs ${lock.holder.verb} since ${lock.holder.takenAt}` : 'free',
    routes,
    tasks,
    window: await windowOf(world, situation, signal),
    drift: await driftOf(world, situation, signal),
    legacy: legacyOf(situation),
    // In the middle of a switch a slot waits for the reader that `resume` gives it, and dropping it would lose the way back.
    idleSlots: isHalfDone(situation) ? [] : await idleSlotsOf(world, signal),
    byHand: await closeOther(world, situation, signal),
    next: nextOf[situation.kind],
  };
}

const isHalfDone = ({ kind }: Situation) => kind === 'switching' || kind === 'opening';

async function idleSlotsOf({ sides }: World, signal: AbortSignal): Promise<string[]> {
  const idle = await Promise.all(
    [sides.source, sides.target].map(async ({ side, slots }) =>
      (await slots.idle(signal)).map(
        ({ name, retention, retainedBytes }) =>
          `slot ${name} on the ${side} is read by nobody and keeps ${(retainedBytes / 1048576).toFixed(1)} MiB of log (${retention}); left alone it fills the disk: SELECT pg_drop_replication_slot('${name}') unless its reader comes back`,
      ),
    ),
  );
  return idle.flat();
}

function legacyOf({ row, kind }: Situation): string | undefined {
  const loss = row?.detail.acceptedLoss;
  if (!loss)
    return kind === 'finalized'
      ? 'what is left: remove the replication from the definition, deploy, keep the journal'
      : undefined;
  const what = loss.interval
    ? `a loss of what it committed in ${intervalText(loss.interval)} was accepted`
    : 'nothing was lost';
  return `the ${loss.lost} was given up and is never primary again: ${what}`;
}

/**
 * A side that is open beside the primary takes writes that nobody will ever see: it is closed first, its sessions too. Not
 * told where anything else contradicts as well: which side is the primary must be sure.
 */
async function closeOther(world: World, situation: Situation, signal: AbortSignal): Promise<ByHand[]> {
  const { kind, primary, contradictions, row } = situation;
  if (kind !== 'contradictory' || contradictions.length !== 1) return [];
  const other = otherSide(primary);
  const gate = await world.sides[other].gate.read(signal);
  return gate.unlockedAccounts.length > 0 ? [keepOut(world.manifest, other, gate, row?.epoch ?? 0)] : [];
}
