/**
 * Runbook: verify that both sides hold the same rows.
 *
 * Run when:  after the load, before every switch, and as often as you like: it only reads.
 * Undo with: nothing to undo; `--execute` records the result, which the switch asks for.
 * Impact:    reads every row on both sides, in chunks.
 * Usage:     cutover verify MIGRATION --environment NAME [--execute]
 */
import type { SwitchRun } from './procedure/migration-run';
import type { Procedure } from './procedure/procedure';
import { compareEveryRow } from './proof';

export const verify = (run: SwitchRun): Procedure => ({
  verb: 'verify',
  purpose: 'every row of every table is compared by digests inside the engines, the result is recorded',
  impact: 'reads every row on both sides; clients keep writing',
  elements: [compareEveryRow(run)],
  primaryAfter: run.from.side,
  next: 'cutover shift-reads, then cutover switch',
});
