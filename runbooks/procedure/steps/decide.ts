import { rowOf, type SwitchRun } from '../migration-run';
import type { Perform, Step } from '../step';

/** The other outcome stands already: what is decided is never turned. */
export class DecidedError extends Error {
  override readonly name = 'DecidedError';
}

/** The point of no return: one row, committed on the side that opens. */
export const decide = (run: SwitchRun): Step => {
  const { to, direction, notes } = run;
  const standing = async () =>
    (await to.control.readDecision(notes.switchEpoch, new AbortController().signal)) === 'open';
  return {
    title: `Decide: the ${to.side} is primary (point of no return)`,
    touches: `cutover_local.decision on the ${to.side}`,
    part: 'open',
    decides: standing,
    act: async (perform, signal) => {
      notes.openedAtMilliseconds = await to.flow.engineClockMilliseconds(signal);
      notes.openAttempted = true;
      await perform(to.control.decide(notes.switchEpoch, direction, 'open', rowOf(run, 'opening', to.side)));
    },
  };
};

/**
 * Claims the unwinding before anything is undone: once this row stands, nobody can open `to` for this switch.
 * @throws DecidedError when the switch was decided the other way.
 */
export async function decideUnwind(run: SwitchRun, perform: Perform, signal: AbortSignal): Promise<void> {
  const { to, from, direction, notes, world } = run;
  notes.unwindingSinceMilliseconds = world.clock.nowMilliseconds();
  try {
    await perform(to.control.decide(notes.switchEpoch, direction, 'unwind', rowOf(run, 'steady', from.side)));
  } catch (cause) {
    const standing = await to.control.readDecision(notes.switchEpoch, signal).catch(() => undefined);
    if (standing === 'open')
      throw new DecidedError(`the switch was decided: the ${to.side} is primary and is not taken back by unwinding`, {
        cause,
      });
    throw cause;
  }
}
