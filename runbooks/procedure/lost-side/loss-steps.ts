import type { Effect } from '../../ports/effect';
import { rowOf, tasksOf, type SwitchRun } from '../migration-run';
import { wordsOf } from '../engine-words/words-of';
import type { Step } from '../step';
import { stopTasks } from '../steps/stop-tasks';
import { lossText } from './unproven-interval';

/** Replication that has run nothing here for so long has nothing more to bring. Seconds. */
const quiet = 3;

/** What replication has already fetched from the lost side is not lost: it is waited for, but not for ever. */
export const letArrive = ({ world, from, to, reporter }: SwitchRun): Step => ({
  title: `Let replication apply what it has already fetched from the ${from.side}`,
  touches: 'nothing',
  act: async (_perform, signal) => {
    const deadline = world.clock.nowMilliseconds() + world.manifest.timing.drainTimeoutSeconds * 1000;
    while (((await to.arrivals.quietSeconds(signal)) ?? 0) < quiet) {
      if (world.clock.nowMilliseconds() > deadline) {
        reporter.report({
          type: 'message',
          code: 'still-arriving',
          level: 'warning',
          text: `replication is still at work on the ${to.side} after ${world.manifest.timing.drainTimeoutSeconds} s (timing.drainTimeoutSeconds); it is stopped now`,
        });
        return;
      }
      await world.clock.sleep(250, signal);
    }
  },
});

/** Before the survivor opens: should the lost side come back, nothing of it may flow in. */
export const stopReplication = ({ world, from }: SwitchRun): Step =>
  stopTasks(`Stop replication: nothing of the ${from.side} may flow in once it comes back`, [
    ...tasksOf(world, 'forward'),
    ...tasksOf(world, 'reverse'),
  ]);

/** The journal carries what was accepted, word by word; the decision and the state carry it for whoever comes later. */
export const noteLoss = (run: SwitchRun): Step => ({
  title: 'Note what may be lost, and that it is accepted',
  touches: 'the journal',
  act: (perform) => perform(acceptance(run)),
});

function acceptance({ from, to, notes }: SwitchRun): Effect {
  const interval = notes.acceptedLoss?.interval;
  let noted = false;
  return {
    name: `accept-loss-${from.side}`,
    touches: interval
      ? `accepted: ${lossText(from.side, { ...interval, provenBy: notes.lossProvenBy ?? 'nothing' })}`
      : `nothing is lost: everything of the ${from.side} had been proven on the ${to.side}`,
    precheck: async () => false,
    act: async () => void (noted = true),
    verify: async () => noted,
  };
}

/** A lost side has given out keys that nobody knows of: so many times the usual headroom is left free for them. */
const lossHeadrooms = 10n;

/** New keys on `to` stand above everything that its own rows and sequences know, with room for what was lost. */
export const advanceOwnSequences = ({ world, to }: SwitchRun): Step => ({
  title: `Advance the sequences of the ${to.side} above its own rows, with room for keys that were lost`,
  touches: `sequences and identities on the ${to.side}`,
  part: 'sequences',
  act: async (perform, signal) => {
    const headroom = BigInt(world.manifest.gates.sequenceHeadroom) * lossHeadrooms;
    const stored = await to.sequences.highestStored(signal);
    const wanted = new Map<string, string>();
    for (const { name, lastValue, increment, maximum } of await to.sequences.readSequences(signal)) {
      const inRows = BigInt(stored.get(name) ?? lastValue);
      const highest = inRows > BigInt(lastValue) ? inRows : BigInt(lastValue);
      const room = BigInt(maximum) - highest;
      const jump = headroom * BigInt(increment);
      // Near the end of its type a sequence keeps half of what is left: refusing to open would help nobody.
      wanted.set(name, String(highest + (jump < room ? jump : room / 2n)));
    }
    await perform(to.sequences.advanceSequences(wanted));
  },
});

/** What an earlier switch had prepared here for replication that never comes: a slot would keep the log for ever. */
export const dropOwnSlots = ({ world, to }: SwitchRun): Step => {
  const { forwardSlot, reverseSlot } = world.manifest.replication;
  const words = wordsOf(world.manifest, to.side);
  return {
    title: `${words.drop} the ${words.positions} of the ${to.side}: nobody reads them any more`,
    touches: `${words.position(forwardSlot)}, ${words.position(reverseSlot)} and ${words.feed} on the ${to.side}`,
    act: async (perform) => {
      for (const slot of [forwardSlot, reverseSlot]) await perform(to.slots.dropSlot(slot));
      if (to.changedKeys) await perform(to.changedKeys.close());
    },
  };
};

/** The migration ends here: whatever the lost side says when it comes back, this row outranks it. */
export const noteGivenUp = (run: SwitchRun): Step => ({
  title: `Note on the ${run.to.side} that it is primary for good and the ${run.from.side} is given up`,
  touches: `cutover_local.state on the ${run.to.side}`,
  act: (perform) => perform(run.to.control.writeState(rowOf(run, 'finalized', run.to.side))),
});
