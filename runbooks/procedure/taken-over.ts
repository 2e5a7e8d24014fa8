import { StaleEpochError } from '../ports/failures';
import type { World } from '../ports/world';

/** Undo must not wait long for a store that does not answer: the databases refuse a stale run by themselves. */
const patienceMilliseconds = 1_500;

/** A stale epoch may come wrapped, e.g. by the journal whose head a side refused to keep. */
export const isStale = (error: unknown): boolean =>
  error instanceof StaleEpochError || (error instanceof Error && error.cause !== undefined && isStale(error.cause));

/**
 * After a failure, before anything is undone: a takeover ends this run's connections, which looks like any broken
 * connection. Whoever holds a higher epoch owns what comes next.
 */
export async function takenOver(world: World, epoch: number): Promise<StaleEpochError | undefined> {
  const signal = AbortSignal.timeout(patienceMilliseconds);
  const { source, target } = world.sides;
  const [lock, ...rows] = await Promise.all([
    world.lock.read(signal).catch(() => undefined),
    source.control.readState(signal).catch(() => undefined),
    target.control.readState(signal).catch(() => undefined),
  ]);
  const highest = Math.max(lock?.epoch ?? 0, ...rows.map((row) => row?.epoch ?? 0));
  if (highest <= epoch) return undefined;
  const successor = lock?.holder
    ? `${lock.holder.name} has taken this migration over with ${lock.holder.verb} since ${lock.holder.takenAt}`
    : 'another operator has taken this migration over';
  return new StaleEpochError(
    `${successor} (epoch ${highest}; this run carries ${epoch}): nothing is undone by this run`,
  );
}
