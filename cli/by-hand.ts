import type { Database } from '../runbooks/ports/database';
import { servicesOf } from '../runbooks/ports/failures';
import type { World } from '../runbooks/ports/world';
import { breakGlass, type ByHand } from '../runbooks/procedure/break-glass';
import type { Outcome } from '../runbooks/procedure/exit-code';
import type { Situation } from '../runbooks/procedure/situation';
import { isStale } from '../runbooks/procedure/taken-over';

/** Without these no runbook can act, however sound the databases are. */
const needed = ['S3', 'Route53'];
const patienceMilliseconds = 10_000;

const isHalfDone = (situation: Situation | undefined): boolean =>
  situation?.kind === 'switching' || situation?.kind === 'opening';

/** What a person can do where S3 or Route 53 failed in the middle of a switch; nothing in any other case. */
async function byHandAfter(
  world: World,
  situation: Situation | undefined,
  error: unknown,
  recovery: string | undefined,
): Promise<ByHand[]> {
  if (!situation || !isHalfDone(situation)) return [];
  if (!servicesOf(error).some((service) => needed.includes(service))) return [];
  const signal = AbortSignal.timeout(patienceMilliseconds);
  const { source, target } = world.sides;
  try {
    const silent = { unlockedAccounts: [], fencedAccounts: [], missingAccounts: [] };
    const read = (side: Database) => (world.lost && world.lost.side === side.side ? silent : side.gate.read(signal));
    const gates = { source: await read(source), target: await read(target) };
    return breakGlass({ manifest: world.manifest, situation, gates, recovery });
  } catch {
    // A side that does not answer cannot be opened by hand from here either.
    return [];
  }
}

/** How a command ended, as the last lines tell it. */
export interface End {
  readonly outcome: Outcome;
  readonly error?: unknown;
  readonly situation?: Situation;
  readonly next?: string;
  readonly byHand?: readonly ByHand[];
}

/** What leaves a switch half done is neither a mere failure nor a mere interruption; whoever was taken over is no longer concerned. */
export async function endOf(world: World, end: End, recovery?: string): Promise<End> {
  const { outcome, situation, error } = end;
  if (!isHalfDone(situation) || isStale(error)) return end;
  const byHand = await byHandAfter(world, situation, error, recovery);
  if (outcome !== 'failed' && outcome !== 'usage' && outcome !== 'interrupted') return { ...end, byHand };
  const { migration, environment } = world.manifest.identity;
  const resume = recovery ?? `cutover resume ${migration} --environment ${environment} --execute`;
  const next = (outcome === 'usage' && end.next) || resume;
  return { ...end, outcome: 'partial', next, byHand };
}
