/**
 * Runbook: finalize. The rollback window is over and the target stays.
 *
 * Run when:  `cutover status` says that the window has passed and nobody wants to go back.
 * Undo with: nothing. From here on there is no way back without a new migration.
 * Impact:    none for clients; the source stays fenced and keeps its last state.
 * Usage:     cutover finalize MIGRATION --environment NAME [--execute]
 */
import { settledGates } from './procedure/gates/window-gates';
import { replicationGates } from './procedure/gates/replication-gates';
import { routeGates } from './procedure/gates/route-gates';
import type { SwitchRun } from './procedure/migration-run';
import type { Procedure } from './procedure/procedure';
import { dropSlots, noteFinalized, stopAllTasks } from './procedure/steps/finalize';

/** `run` points the way back: from the target, which serves, to the source, which is let go. */
export const finalize = (run: SwitchRun): Procedure => ({
  verb: 'finalize',
  purpose: 'replication ends, the source stays fenced, the target is on its own',
  impact: 'none for clients; rollback is no longer possible',
  elements: [
    {
      title: 'The window has passed and all is clean',
      gates: [
        ...settledGates(run),
        ...replicationGates(run.world, run.direction),
        ...routeGates(run.world, run.from.side),
      ],
    },
    stopAllTasks(run),
    dropSlots(run),
    noteFinalized(run),
  ],
  primaryAfter: run.from.side,
  next: 'cutover status',
});
