import { wordsOf } from '../engine-words/words-of';
import type { SwitchRun } from '../migration-run';
import { pairSequences, waivesSequence, wantedValues } from '../paired-sequences';
import type { Step } from '../step';
import { markerThrough } from './measure';

/** Proves that every change committed before the fence is applied: a marker written after it has arrived. */
export const drain = (run: SwitchRun): Step => {
  const { world, from, to } = run;
  return {
    title: `Drain: a marker written after the fence reaches the ${to.side}`,
    touches: `marker rows on the ${from.side}`,
    part: 'drain',
    act: async (perform, signal) => {
      const seconds = world.manifest.timing.drainTimeoutSeconds;
      await markerThrough(run, world, perform, signal, seconds);
      // Batch apply keeps no order between tables inside a batch: the second marker is in a later batch.
      if (world.manifest.replication.batchApply) await markerThrough(run, world, perform, signal, seconds);
    },
  };
};

/** New keys on `to` stand above every key of either side. */
export const advanceSequences = ({ world, from, to }: SwitchRun): Step => ({
  title: `Advance the sequences of the ${to.side} above both sides`,
  touches: `sequences and identities on the ${to.side}`,
  part: 'sequences',
  act: async (perform, signal) => {
    const headroom = BigInt(world.manifest.gates.sequenceHeadroom);
    const [given, own] = await Promise.all([from.sequences.readSequences(signal), to.sequences.readSequences(signal)]);
    const { pairs, alone } = pairSequences(given, own);
    const isWaived = waivesSequence(world.manifest);
    const missing = alone.find((sequence) => !isWaived(sequence));
    if (missing) throw new Error(`sequence ${missing.name} does not exist on the ${to.side}`);
    const wanted = wantedValues(pairs, headroom);
    await perform(to.sequences.advanceSequences(wanted));
  },
});

/** Where the way back starts: fixed while both gates are closed, so it misses nothing and repeats nothing. */
export const fixReturnPosition = ({ world, to, returnSlot, notes, reporter }: SwitchRun): Step => ({
  title: 'Fix where the way back starts',
  touches: `${wordsOf(world.manifest, to.side).position(returnSlot)} on the ${to.side}`,
  act: async (perform, signal) => {
    await perform(to.slots.advanceSlot(returnSlot));
    const slot = await to.slots.readSlot(returnSlot, signal);
    if (!slot) throw new Error(`${wordsOf(world.manifest, to.side).position(returnSlot)} is gone from the ${to.side}`);
    notes.nextPosition = slot.confirmedPosition;
    if (slot.gtid !== undefined)
      reporter.report({
        type: 'progress',
        text: `the way back starts at ${slot.confirmedPosition}, after GTID ${slot.gtid}`,
        data: { position: slot.confirmedPosition, gtid: slot.gtid },
      });
  },
});
