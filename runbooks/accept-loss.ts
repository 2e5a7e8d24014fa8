/**
 * Runbook: give a dead primary up.
 *
 * Run when:  the primary's database is gone for good, and waiting for it costs more than what may be lost.
 * Undo with: nothing. The side that was given up is never primary again; a new migration leads back.
 * Impact:    writes are accepted again by the other side. What the primary committed in the interval shown may be lost.
 * Usage:     cutover roll-back MIGRATION --environment NAME --accept-loss [INTERVAL] [--execute]   (the target is dead)
 *            cutover switch MIGRATION --environment NAME --accept-loss [INTERVAL] [--execute]      (the source is dead)
 */
import { lossGate, silenceGate, unaskedGates } from './procedure/lost-side/loss-gates';
import {
  advanceOwnSequences,
  dropOwnSlots,
  letArrive,
  noteGivenUp,
  noteLoss,
  stopReplication,
} from './procedure/lost-side/loss-steps';
import { appliedGate } from './procedure/gates/replication-gates';
import { routeGates } from './procedure/gates/route-gates';
import { sessionGates, triggerGate } from './procedure/gates/session-gates';
import type { SwitchRun } from './procedure/migration-run';
import type { Procedure } from './procedure/procedure';
import type { Situation } from './procedure/situation';
import type { Element } from './procedure/step';
import { decide } from './procedure/steps/decide';
import { open, proveWrite, resumeWriters } from './procedure/steps/open';
import { letRouteSettle, recordRoute, startRoute } from './procedure/steps/route';

/** Nothing here has to be undone: up to the decision the lost side stays primary, and the other one closed. */
const beforeDecision = (run: SwitchRun, situation: Situation): Element[] => {
  const { world, from, to, direction } = run;
  // In the middle of a switch the names may lead to either side.
  const routes = situation.kind === 'switching' ? routeGates(world, from.side).slice(1) : routeGates(world, from.side);
  return [
    {
      title: `One side is asked: the ${from.side} is lost`,
      gates: [
        silenceGate(run),
        lossGate(run),
        ...sessionGates(world, to),
        triggerGate(world, to),
        appliedGate(world, direction === 'forward' ? 'forward' : 'reverse'),
        ...routes,
        ...unaskedGates(run),
      ],
    },
    letArrive(run),
    stopReplication(run),
    noteLoss(run),
    advanceOwnSequences(run),
    { title: 'Still nobody answers there', gates: [silenceGate(run), lossGate(run)], afterFence: true },
  ];
};

const afterDecision = (run: SwitchRun): Element[] => [
  open(run),
  startRoute(run),
  recordRoute(run),
  // A switch that was decided before its old side died comes here without the steps above.
  stopReplication(run),
  proveWrite(run),
  dropOwnSlots(run),
  // Late: a writer's command may need what is dead, and must not keep clients waiting.
  resumeWriters(run),
  letRouteSettle(run),
  noteGivenUp(run),
];

/** `run` leads from the side that is lost to the one that answers. */
export function acceptLoss(run: SwitchRun, situation: Situation, verb: string): Procedure {
  const { from, to } = run;
  const decided = situation.kind === 'opening';
  return {
    verb,
    purpose: `the ${to.side} (${to.title}) accepts the writes; the ${from.side} is given up for good`,
    impact: decided
      ? 'none: the switch was decided after everything had been proven'
      : `what the ${from.side} committed last may be lost; replication and the way back end`,
    elements: decided ? afterDecision(run) : [...beforeDecision(run, situation), decide(run), ...afterDecision(run)],
    primaryAfter: to.side,
    next: 'cutover status',
  };
}
