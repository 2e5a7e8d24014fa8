/**
 * Runbook: watch the replication.
 *
 * Run when:  after start, before a switch, and through the rollback window.
 * Undo with: nothing to undo.
 * Impact:    `--execute` writes one heartbeat row a second on the primary; without it only readings are shown.
 * Usage:     cutover watch MIGRATION --environment NAME [--for SECONDS] [--execute]
 */
import { windowGates } from './rollback-window';
import { lagGate } from './procedure/gates/lag-gate';
import { replicationGates } from './procedure/gates/replication-gates';
import type { SwitchRun } from './procedure/migration-run';
import type { Procedure } from './procedure/procedure';
import type { Situation } from './procedure/situation';
import { watchLag } from './procedure/steps/measure';

/** Through the rollback window it also asks what the way back would meet. */
export const watch = (run: SwitchRun, seconds: number, situation: Situation): Procedure => ({
  verb: 'watch',
  purpose: `lag is measured for ${seconds} s by heartbeats and by DMS`,
  impact: 'one heartbeat row a second on the primary',
  elements: [
    watchLag(run, seconds),
    {
      title: 'Replication is well',
      gates: [...replicationGates(run.world, run.direction), lagGate(run), ...windowGates(run.world, situation)],
    },
  ],
  primaryAfter: run.from.side,
  next: 'cutover verify',
});
