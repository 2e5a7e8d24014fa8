/**
 * Runbook: check, where the runbooks do not speak to the databases. Asks what DMS and AWS know, and changes nothing.
 *
 * Run when:  at any time, for a migration from or to an engine that no other runbook takes.
 * Undo with: nothing to undo.
 * Impact:    none.
 * Usage:     cutover check MIGRATION --environment NAME
 */
import type { Direction } from '../definition/manifest/sections';
import type { ReplicationWorld } from './ports/replication-world';
import { comparedGate, latencyGate, quietGate } from './procedure/gates/dms-gates';
import { taskGates } from './procedure/gates/replication-gates';
import { routeGates } from './procedure/gates/route-gates';
import type { Procedure } from './procedure/procedure';

/** The gates that need no database. The direction is that of the task that runs. */
export async function checkReplication(world: ReplicationWorld, signal: AbortSignal): Promise<Procedure> {
  const reverse = (await world.tasks.reverse.read(signal)).status === 'running';
  const direction: Direction = reverse ? 'reverse' : 'forward';
  const primary = reverse ? 'target' : 'source';
  const gates = [
    ...taskGates(world, direction),
    latencyGate(world, direction),
    ...(reverse ? [] : [comparedGate(world)]),
    quietGate(world),
    ...routeGates(world, primary),
  ];
  return {
    verb: 'check',
    purpose: 'what DMS and AWS know is asked; no database is',
    impact: 'none',
    elements: [{ title: 'Replication, as DMS says', gates }],
    primaryAfter: primary,
    next: 'cutover check',
  };
}
