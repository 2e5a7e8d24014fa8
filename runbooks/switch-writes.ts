/**
 * Runbook: switch writes to the other side.
 *
 * Run when:  `cutover check` says yes and the last verification is clean, inside the change window.
 * Undo with: nothing before the decision (a failure unwinds itself); `cutover roll-back` after it.
 * Impact:    writes pause for about drain + verification + the records' TTL, at most `gates.maxWritePauseSeconds`.
 * Usage:     cutover switch MIGRATION --environment NAME [--execute]
 */
import { engineChangeQuality, engineChangeSafety } from './engine-change-gates';
import { grantsGate } from './procedure/gates/grants-gate';
import { lagGate } from './procedure/gates/lag-gate';
import { keysGate, readinessGates, settingsGate } from './procedure/gates/readiness-gates';
import { markerGate, replicationGates } from './procedure/gates/replication-gates';
import { pauseRoomGate } from './procedure/gates/pause-gate';
import { retentionGates } from './procedure/gates/retention-gates';
import { routeArrivesGate, routeGates } from './procedure/gates/route-gates';
import { closedGate, sessionGates, triggerGate } from './procedure/gates/session-gates';
import { ttlGate } from './procedure/gates/ttl-gate';
import { verificationGate } from './procedure/gates/verification-gate';
import type { SwitchRun } from './procedure/migration-run';
import type { Procedure } from './procedure/procedure';
import type { Element } from './procedure/step';
import { beginSwitch, createReturnSlot, pauseWriters } from './procedure/steps/begin';
import { decide } from './procedure/steps/decide';
import { advanceSequences, drain, fixReturnPosition } from './procedure/steps/drain';
import { fence } from './procedure/steps/fence';
import { sendMarker, watchLag, watchPropagation } from './procedure/steps/measure';
import { open, proveWrite, resumeWriters } from './procedure/steps/open';
import { letRouteSettle, recordRoute, startRoute } from './procedure/steps/route';
import { bake, dropOldSlot, rollbackReady, startReturn, stopOldDirection } from './procedure/steps/turn-replication';
import { quietVerificationGate, verifyQuietly } from './proof';
import { catchUp, closeFeed, compareBeforeFence, openFeed, proveByChangedKeys } from './proof-by-changed-keys';

/** Holds in both directions: without it a switch is not safe. */
const safetyGates = (run: SwitchRun) => [
  ...replicationGates(run.world, run.direction),
  markerGate(run.world, run.notes),
  ...sessionGates(run.world, run.from),
  ...sessionGates(run.world, run.to),
  closedGate(run.world, run.to),
  triggerGate(run.world, run.to),
  triggerGate(run.world, run.from),
  ...engineChangeSafety(run.world),
  ...routeGates(run.world, run.from.side),
  quietVerificationGate(run),
  pauseRoomGate(run),
];

/** Asked only going forward: an alarm must not forbid the rollback that it calls for. */
const qualityGates = (run: SwitchRun) => [
  lagGate(run),
  verificationGate(run.world, run.from),
  grantsGate(run.world, run.from, run.to),
  ...readinessGates(run.world, run.to),
  settingsGate(run.to),
  keysGate(run.world),
  ...engineChangeQuality(run.world),
  ...retentionGates(run),
  ttlGate(run.world),
];

const beforeDecision = (run: SwitchRun): Element[] => [
  watchPropagation(run),
  ...(run.direction === 'forward' ? [watchLag(run)] : []),
  sendMarker(run),
  {
    title: 'Nothing forbids the switch',
    gates: run.direction === 'forward' ? [...safetyGates(run), ...qualityGates(run)] : safetyGates(run),
  },
  beginSwitch(run),
  openFeed(run),
  compareBeforeFence(run),
  pauseWriters(run),
  createReturnSlot(run),
  catchUp(run),
  { title: 'Still nothing forbids it', gates: safetyGates(run) },
  fence(run),
  startRoute(run),
  drain(run),
  { title: 'Nothing was dropped on the way', gates: replicationGates(run.world, run.direction), afterFence: true },
  verifyQuietly(run, (perform, signal) => proveByChangedKeys(run, perform, signal)),
  advanceSequences(run),
  fixReturnPosition(run),
  {
    title: 'Clients are on their way, and nobody has come in',
    gates: [routeArrivesGate(run.world, run.to.side), closedGate(run.world, run.from), closedGate(run.world, run.to)],
    afterFence: true,
  },
];

const afterDecision = (run: SwitchRun): Element[] => [
  open(run),
  resumeWriters(run),
  recordRoute(run),
  closeFeed(run),
  stopOldDirection(run),
  startReturn(run),
  proveWrite(run),
  // Before both sides say "steady": from then on a recovery finds nothing left to do.
  dropOldSlot(run),
  rollbackReady(run),
  letRouteSettle(run),
  bake(run),
];

export const switchWrites = (run: SwitchRun): Procedure => ({
  verb: 'switch',
  purpose: `the ${run.to.side} (${run.to.title}) accepts the writes, the ${run.from.side} follows it`,
  impact: `clients cannot write from the fence until their resolver follows, at most ${run.world.manifest.gates.maxWritePauseSeconds} s`,
  elements: [...beforeDecision(run), decide(run), ...afterDecision(run)],
  primaryAfter: run.to.side,
  next: run.direction === 'forward' ? 'cutover watch' : 'cutover check',
});

/** What a crash after the decision left to do. */
export const finishSwitch = (run: SwitchRun): Procedure => ({ ...switchWrites(run), elements: afterDecision(run) });

/** What a crash before the decision left to undo. */
export const stepsToUndo = (run: SwitchRun) => beforeDecision(run).filter((element) => 'act' in element);
