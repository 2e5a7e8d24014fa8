/**
 * Runbook: check. Asks every gate of what comes next and changes nothing.
 *
 * Run when:  at any time; before every other runbook.
 * Undo with: nothing to undo.
 * Impact:    none.
 * Usage:     cutover check MIGRATION --environment NAME
 */
import type { SwitchRun } from './procedure/migration-run';
import type { Procedure } from './procedure/procedure';
import { isCheckpoint } from './procedure/step';
import type { SituationKind } from './procedure/situation';
import { rollBack } from './roll-back';
import { start } from './start';
import { switchWrites } from './switch-writes';

/** The gates of the procedure that comes next, without its steps. */
export const check = (run: SwitchRun, situation: SituationKind): Procedure => {
  const isBefore = situation === 'not started' || situation === 'starting';
  const next = isBefore ? start(run) : run.direction === 'forward' ? switchWrites(run) : rollBack(run);
  return {
    ...next,
    verb: 'check',
    purpose: `every gate of ${next.verb} is asked`,
    elements: next.elements.filter(isCheckpoint),
    next: `cutover ${next.verb}`,
  };
};
