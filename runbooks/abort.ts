/**
 * Runbook: abort a switch that ended in the middle.
 *
 * Run when:  a run crashed and the old primary shall serve again.
 * Undo with: `cutover switch`, when the cause is mended.
 * Impact:    as `resume`. After the decision there is nothing to abort: the switch is brought to its end, and
 *            `cutover roll-back` leads back without loss.
 * Usage:     cutover abort MIGRATION --environment NAME [--execute]
 */
import type { SwitchRun } from './procedure/migration-run';
import type { Planned } from './procedure/run';
import type { Situation } from './procedure/situation';
import { resume } from './resume';

export const abort = (run: SwitchRun, situation: Situation): Planned | 'nothing to do' => {
  const planned = resume(run, situation);
  if (planned === 'nothing to do') return planned;
  if (situation.kind === 'opening')
    run.reporter.report({
      type: 'message',
      code: 'decided-already',
      level: 'warning',
      text: `the switch was decided: the ${run.to.side} is primary. It is brought to its end; cutover roll-back leads back without loss`,
    });
  return { ...planned, procedure: { ...planned.procedure, verb: 'abort' } };
};
