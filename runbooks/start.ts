/**
 * Runbook: start replication.
 *
 * Run when:  the environment is deployed and the target has the schema.
 * Undo with: stop the load task and empty the target; the source is only read.
 * Impact:    none on the application; the source reads its tables once.
 * Usage:     cutover start MIGRATION --environment NAME [--execute]
 */
import { grantsGate } from './procedure/gates/grants-gate';
import { keysGate, settingsGate } from './procedure/gates/readiness-gates';
import { routeGates } from './procedure/gates/route-gates';
import { sessionGates, triggerGate } from './procedure/gates/session-gates';
import type { SwitchRun } from './procedure/migration-run';
import type { Procedure } from './procedure/procedure';
import { analyseTarget, becomeSteady, closeTarget, loadTables, proveFence } from './procedure/steps/start';
import { schemaGate } from './proof';
import { dataGates, engineChangeQuality, engineChangeSafety, mysqlSourceGates } from './engine-change-gates';

export const start = (run: SwitchRun): Procedure => {
  const { source, target } = run.world.sides;
  return {
    verb: 'start',
    purpose: 'the target holds every row of the source and follows its changes; nobody can write there',
    impact: 'none for clients; the source is read once',
    elements: [
      {
        title: 'The databases can be migrated',
        gates: [
          ...sessionGates(run.world, source),
          ...sessionGates(run.world, target),
          keysGate(run.world),
          schemaGate(run.world),
          grantsGate(run.world, source, target),
          ...engineChangeSafety(run.world),
          ...engineChangeQuality(run.world),
          settingsGate(source),
          settingsGate(target),
          triggerGate(run.world, target),
          ...mysqlSourceGates(run.world),
          ...routeGates(run.world, 'source'),
          ...dataGates(run.world, run.reporter),
        ],
      },
      proveFence(run),
      closeTarget(run),
      loadTables(run),
      analyseTarget(run),
      becomeSteady(run),
    ],
    primaryAfter: 'source',
    next: 'cutover verify',
  };
};
