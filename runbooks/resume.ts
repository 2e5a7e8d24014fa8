/**
 * Runbook: resume, after a runbook ended in the middle.
 *
 * Run when:  a run crashed, or ended with exit code 6.
 * Undo with: nothing to undo: it brings the migration to done or to rolled back.
 * Impact:    takes the lock over; the sessions of the earlier run are ended first.
 * Usage:     cutover resume MIGRATION --environment NAME [--execute]
 */
import { acceptLoss } from './accept-loss';
import type { SwitchRun } from './procedure/migration-run';
import type { Planned } from './procedure/run';
import type { Situation } from './procedure/situation';
import { decideUnwind } from './procedure/steps/decide';
import { finishSwitch, stepsToUndo, switchWrites } from './switch-writes';

/** Before the decision the way is back, after it the way is on. */
export const resume = (run: SwitchRun, situation: Situation): Planned | 'nothing to do' => {
  if (situation.kind === 'opening' && run.notes.acceptedLoss)
    return { procedure: acceptLoss(run, situation, 'resume') };
  if (situation.kind === 'opening') return { procedure: { ...finishSwitch(run), verb: 'resume' } };
  if (situation.kind !== 'switching') return 'nothing to do';
  return {
    procedure: {
      ...switchWrites(run),
      verb: 'resume',
      purpose: `the ${run.from.side} accepts writes again, as before the switch`,
    },
    undoOnly: stepsToUndo(run),
    beforeUnwind: (perform, signal) => decideUnwind(run, perform, signal),
  };
};
