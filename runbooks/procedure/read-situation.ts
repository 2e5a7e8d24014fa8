import type { SideName } from '../../definition/manifest/sections';
import type { World } from '../ports/world';
import { situationOfSurvivor } from './lost-side/situation-of-survivor';
import { deriveSituation, otherSide, type SideFacts, type Situation } from './situation';

/** Asks both databases where the migration stands; where one is lost, the other alone. */
export async function readSituation(world: World, signal: AbortSignal): Promise<Situation> {
  const { source, target } = world.sides;
  if (world.lost) {
    const survivor = otherSide(world.lost.side);
    const row = await world.sides[survivor].control.readState(signal);
    return situationOfSurvivor(survivor, await factsOf(world, survivor, row, row?.switchEpoch ?? 0, signal));
  }
  const rows = await Promise.all([source.control.readState(signal), target.control.readState(signal)]);
  const switchEpoch = Math.max(0, ...rows.map((row) => row?.switchEpoch ?? 0));
  const [sourceFacts, targetFacts] = await Promise.all([
    factsOf(world, 'source', rows[0], switchEpoch, signal),
    factsOf(world, 'target', rows[1], switchEpoch, signal),
  ]);
  return deriveSituation({ source: sourceFacts, target: targetFacts });
}

async function factsOf(
  { sides }: World,
  side: SideName,
  row: SideFacts['row'],
  switchEpoch: number,
  signal: AbortSignal,
): Promise<SideFacts> {
  return {
    row,
    decision: row && switchEpoch > 0 ? await sides[side].control.readDecision(switchEpoch, signal) : undefined,
    gate: await sides[side].gate.read(signal),
  };
}
