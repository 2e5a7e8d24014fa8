/**
 * Runbook: roll back.
 *
 * Run when:  something is wrong after the switch and the rollback window is open.
 * Undo with: `cutover switch`: forward and back are one procedure with the sides exchanged.
 * Impact:    as the switch: writes pause, nothing is lost; the source then holds every write either side acknowledged.
 * Usage:     cutover roll-back MIGRATION --environment NAME [--execute]
 */
import type { SwitchRun } from './procedure/migration-run';
import type { Procedure } from './procedure/procedure';
import { switchWrites } from './switch-writes';

/** Only safety gates are asked on the way back; see `switch-writes`. */
export const rollBack = (run: SwitchRun): Procedure => ({ ...switchWrites(run), verb: 'roll-back' });
