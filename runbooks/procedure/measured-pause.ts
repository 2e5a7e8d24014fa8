import type { SwitchRun } from './migration-run';
import { budgetOf } from './budget-of';
import { measuredBudget, unwindAfterSeconds, type MeasuredPause } from './pause-parts';

/**
 * What unwinding does until clients can write again: the decision, the names, their parameters, the open. Names are read
 * before and after they are sent. Each is taken to be as slow as the slowest of its kind was.
 */
const effects = 4;
const readingsOfRoutes = 4;

/** The parts of the pause as this run has seen them so far, and its predecessor. */
export function measuredPause({ notes, world: { manifest } }: Pick<SwitchRun, 'notes' | 'world'>): MeasuredPause {
  const { effectMilliseconds = 0, routeReadMilliseconds = 0, undoMilliseconds = 0, propagationMilliseconds } = notes;
  const estimated = effects * effectMilliseconds + readingsOfRoutes * routeReadMilliseconds;
  const now: MeasuredPause = {
    undoSeconds: estimated / 1000,
    ttlSeconds: notes.ttlSeconds,
    propagationSeconds: propagationMilliseconds === undefined ? undefined : propagationMilliseconds / 1000,
  };
  // One unwinding that took long, in an outage perhaps, must not forbid every later switch.
  const budget = measuredBudget(budgetOf(manifest), now);
  const spare = unwindAfterSeconds(budget) - manifest.gates.maxMarkerRoundTripSeconds;
  const earlier = Math.min(undoMilliseconds / 1000, budget.undoSeconds + Math.max(0, spare));
  return { ...now, undoSeconds: Math.max(estimated / 1000, earlier) };
}

/** Notes how long the slowest effect has taken. */
export async function timed(run: SwitchRun, work: () => Promise<void>): Promise<void> {
  const { clock } = run.world;
  const began = clock.nowMilliseconds();
  await work();
  run.notes.effectMilliseconds = Math.max(run.notes.effectMilliseconds ?? 0, clock.nowMilliseconds() - began);
}
