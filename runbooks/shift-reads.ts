/**
 * Runbook: shift reads to the other side, step by step.
 *
 * Run when:  replication is steady and verified; reads may be answered by a side that lags by the gate's limit.
 * Undo with: a failing gate sends the reads back by itself.
 * Impact:    new read connections go to the other side in growing shares; writes are untouched.
 * Usage:     cutover shift-reads MIGRATION --environment NAME [--execute]
 */
import { grantsGate } from './procedure/gates/grants-gate';
import { lagGate } from './procedure/gates/lag-gate';
import { readinessGates } from './procedure/gates/readiness-gates';
import { replicationGates } from './procedure/gates/replication-gates';
import { routeGates } from './procedure/gates/route-gates';
import { verificationGate } from './procedure/gates/verification-gate';
import type { SwitchRun } from './procedure/migration-run';
import type { Procedure } from './procedure/procedure';
import type { Element } from './procedure/step';
import { watchLag } from './procedure/steps/measure';
import { bakeReads, shiftReadsTo } from './procedure/steps/shift-reads';

const share = (run: SwitchRun, percent: number): Element[] => [
  shiftReadsTo(run, percent),
  bakeReads(run, percent),
  {
    title: `Still well at ${percent} %`,
    gates: [...replicationGates(run.world, run.direction), lagGate(run), ...readinessGates(run.world, run.to)],
  },
];

export const shiftReads = (run: SwitchRun): Procedure => {
  const percents = run.world.manifest.timing.readShiftPercents;
  return {
    verb: 'shift-reads',
    purpose: `reads are answered by the ${run.to.side}: ${percents.join(' → ')} %`,
    impact: 'new read connections go to the other side in growing shares',
    elements: [
      watchLag(run),
      {
        title: 'Nothing forbids it',
        gates: [
          ...replicationGates(run.world, run.direction),
          lagGate(run),
          verificationGate(run.world, run.from),
          grantsGate(run.world, run.from, run.to),
          ...readinessGates(run.world, run.to),
          ...routeGates(run.world, run.from.side),
        ],
      },
      ...percents.flatMap((percent) => share(run, percent)),
    ],
    primaryAfter: run.from.side,
    next: 'cutover switch',
  };
};
