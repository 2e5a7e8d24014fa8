/**
 * The proof under the fence that costs what was written last: a feed of the primary's log notes which rows are written
 * while every row is compared, the noted rows are compared again until few are left, and under the fence only those are.
 */
import type { ChangedKeys } from './ports/changed-keys';
import { wordsOf } from './procedure/engine-words/words-of';
import { GateRefusal } from './procedure/gate-refusal';
import type { SwitchRun } from './procedure/migration-run';
import type { Perform, Step } from './procedure/step';
import { compareEveryRow, quietSeconds, quietRoomSeconds, sidesOf } from './proof';
import { catchUpWithChanges, verifyChangedKeys } from './verification/changed-keys';
import type { VerificationResult } from './verification/verify';

/** So many rows are compared in well under a second. */
const fewKeys = 5_000;
const rounds = 20;

/**
 * On the way back a full pass before the fence would cost time that an emergency does not have: there every row is
 * compared under the fence as long as that fits half of the pause.
 */
async function feedOf(run: SwitchRun, signal: AbortSignal): Promise<ChangedKeys | undefined> {
  const { from, direction, world, notes } = run;
  if (!from.changedKeys) return undefined;
  if (!notes.proof) {
    const seconds = direction === 'reverse' ? await quietSeconds(world, signal) : undefined;
    const fits = seconds !== undefined && seconds <= quietRoomSeconds(world) / 2;
    notes.proof = !fits ? 'changed keys' : 'every row';
  }
  return notes.proof === 'changed keys' ? from.changedKeys : undefined;
}

const skippedWithoutFeed = (run: SwitchRun) => async (signal: AbortSignal) => (await feedOf(run, signal)) === undefined;

export const openFeed = (run: SwitchRun): Step => ({
  title: `Note from here on which rows of the ${run.from.side} are written`,
  touches: `${wordsOf(run.world.manifest, run.from.side).feed} on the ${run.from.side}`,
  done: skippedWithoutFeed(run),
  act: async (perform) => {
    if (run.from.changedKeys) await perform(run.from.changedKeys.open());
  },
  undo: (perform) => closeFeed(run).act(perform, new AbortController().signal),
});

/** Every row, while clients write. */
export const compareBeforeFence = (run: SwitchRun): Step => ({
  ...compareEveryRow(run),
  title: 'Compare every row while clients write',
  done: skippedWithoutFeed(run),
});

export const catchUp = (run: SwitchRun): Step => ({
  title: 'Compare the rows written meanwhile, until few are left',
  touches: 'nothing: the tables are only read',
  done: skippedWithoutFeed(run),
  act: async (perform, signal) => {
    const on = await onFeed(run, perform, signal);
    if (!on) return;
    const settleMilliseconds = Math.max(250, run.world.manifest.gates.maxLagSeconds * 250);
    const caught = await catchUpWithChanges({ ...on, settleMilliseconds, rechecks: 10, fewKeys, rounds });
    run.reporter.report({
      type: 'progress',
      text: `${caught.comparedKeys} written rows compared in ${caught.rounds} rounds, ${caught.lastRoundKeys} in the last`,
      data: { comparedKeys: caught.comparedKeys, lastRoundKeys: caught.lastRoundKeys },
    });
    if (caught.caughtUp) return;
    const { openKeys, wholeTables, lastRoundKeys } = caught;
    throw new GateRefusal([
      {
        code: openKeys > 0 || wholeTables.length > 0 ? 'data-differs' : 'too-many-changes',
        text:
          openKeys > 0
            ? `${openKeys} rows written of late differ and stay different`
            : wholeTables.length > 0
              ? `compared in every row, as no key described a change, and more differs than can be compared again: ${wholeTables.join(', ')}`
              : `${lastRoundKeys} rows are written between two rounds, ${fewKeys} can be proven under the fence`,
        value: openKeys > 0 ? openKeys : lastRoundKeys,
        limit: openKeys > 0 ? 0 : fewKeys,
        unit: 'rows',
        next: 'cutover verify, then switch again at a quieter time',
      },
    ]);
  },
});

/** Under the fence: what is left of the written rows; undefined when this run proves every row instead. */
export async function proveByChangedKeys(
  run: SwitchRun,
  perform: Perform,
  signal: AbortSignal,
): Promise<VerificationResult | undefined> {
  const on = await onFeed(run, perform, signal);
  return on && verifyChangedKeys(on);
}

/** The log is let go: nothing of the verification keeps it longer than a run. */
export const closeFeed = (run: SwitchRun): Step => ({
  title: 'End the notes of written rows',
  touches: `${wordsOf(run.world.manifest, run.from.side).feed} on the ${run.from.side}`,
  act: async (perform) => {
    if (run.from.changedKeys) await perform(run.from.changedKeys.close());
  },
});

async function onFeed(run: SwitchRun, perform: Perform, signal: AbortSignal) {
  const feed = await feedOf(run, signal);
  if (!feed) return undefined;
  const { world, from, to } = run;
  return { ...sidesOf(from, to, world), tables: world.manifest.tables, feed, clock: world.clock, perform, signal };
}
