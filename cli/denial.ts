import { denialOf, UsageError } from '../runbooks/ports/failures';
import type { World } from '../runbooks/ports/world';
import { messageOf } from '../runbooks/procedure/journal';

/**
 * Where a side has denied the runbook's account something, all that it lacks there is told at once, with the GRANTs: whoever
 * sets an account up would else meet one denial after the other.
 */
export async function withGrants(world: World, error: unknown, signal: AbortSignal): Promise<unknown> {
  const side = denialOf(error);
  if (side === undefined || signal.aborted) return error;
  const { title, fitness } = world.sides[side];
  const missing = await fitness.missingPrivileges(signal).catch(() => []);
  if (missing.length === 0) return error;
  return new UsageError(
    'missing-privilege',
    `on the ${title} the runbook’s account lacks: ${missing.map(({ privilege }) => privilege).join(', ')} (${messageOf(error)})`,
    { next: missing.map(({ grant }) => grant).join('; '), cause: error },
  );
}
