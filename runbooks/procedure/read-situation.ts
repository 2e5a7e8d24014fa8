import type { SideName } from '../../definition/manifest/sections';
import type { World } from '../ports/world';
import { deriveSituation, type SideFacts, type Situation } from './situation';

/** Asks both databases where the migration stands. */
export async function readSituation(world: World, signal: AbortSignal): Promise<Situation> {
  const { source, target } = world.sides;
  const rows = await Promise.all([source.control.readState(signal), target.control.readState(signal)]);
  const switchEpoch = Math.max(0, ...rows.map((row) => row?.switchEpoch ?? 0));
  const factsOf = async (side: SideName, row: (typeof rows)[number]): Promise<SideFacts> => ({
    row,
    decision: row && switchEpoch > 0 ? await world.sides[side].control.readDecision(switchEpoch, signal) : undefined,
    gate: await world.sides[side].gate.read(signal),
  });
  const [sourceFacts, targetFacts] = await Promise.all([factsOf('source', rows[0]), factsOf('target', rows[1])]);
  return deriveSituation({ source: sourceFacts, target: targetFacts });
}
