import type { Reason } from '../../ports/reason';
import { GateRefusal } from '../gate-refusal';
import { measuredPause, timed } from '../measured-pause';
import type { SwitchRun } from '../migration-run';
import type { Step } from '../step';

/**
 * Closes the write gate of `from`: accounts locked, sessions ended, older transactions gone, and a login with the real
 * credentials refused. Undone by unlocking exactly the accounts that were locked.
 */
export const fence = (run: SwitchRun): Step => {
  const { from, world, notes } = run;
  return {
    title: `Fence the ${from.side}: lock the accounts, end the sessions, prove it`,
    touches: `login of every account outside the allow-list on the ${from.side}`,
    part: 'fence',
    pause: 'begins',
    measured: () => measuredPause(run),
    act: async (perform, signal) => {
      await timed(run, () => perform(from.gate.fence()));
      await perform(from.gate.endSessions());
      const standing: Reason | undefined = await from.gate.whyNotFenced(signal);
      if (standing) throw new GateRefusal([standing]);
    },
    undo: async (perform) => {
      await perform(from.gate.open());
      if (notes.unwindingSinceMilliseconds !== undefined)
        notes.undoMilliseconds = world.clock.nowMilliseconds() - notes.unwindingSinceMilliseconds;
    },
  };
};
