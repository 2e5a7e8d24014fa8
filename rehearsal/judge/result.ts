import { type Finding, type Invariant, INVARIANTS } from './finding';
import type { Judgement } from './judge';
import type { SwitchParts } from './switch-parts';

export interface RehearsalSummary {
  migration: string;
  outcome: 'passed' | 'failed';
  /** How the course of runbooks ended, and how the scenario says it should. */
  ending: string;
  expected: string;
  /** Faults of the scenario that were not to be had: then this was not the rehearsal that was meant. */
  faultsNotHappened: string[];
  durationSeconds: number;
  judgement: Judgement;
  /** Parts of each switch of the judgement, in the same order. */
  parts: SwitchParts[];
}

/** The line that `rehearse --json` ends with. Its schema is a contract: members are added, never changed. */
export interface RehearsalResult {
  schema: 1;
  type: 'rehearsal.result';
  migration: string;
  outcome: 'passed' | 'failed';
  /** How the course of runbooks ended: `passed`, `unwound`, `refused` or `failed`. */
  ending: string;
  durationSeconds: number;
  acknowledgedWrites: number;
  ambiguousWrites: number;
  lostWrites: number;
  duplicateWrites: number;
  writesAcceptedByBothSides: number;
  quietestSecondAcknowledgedWrites: number | null;
  switches: {
    direction: 'forward' | 'reverse' | 'unwound';
    /** `null` stands for a client that never wrote again. */
    writePauseMilliseconds: Record<'p50' | 'p99' | 'max', number | null>;
    partsMilliseconds: SwitchParts;
  }[];
  invariants: Record<Invariant, Finding['verdict']>;
}

export function resultOf({
  migration,
  outcome,
  ending,
  durationSeconds,
  judgement,
  parts,
}: RehearsalSummary): RehearsalResult {
  const { acknowledgedWrites, ambiguousWrites, lostWrites, duplicateWrites, writesAcceptedByBothSides } = judgement;
  return {
    schema: 1,
    type: 'rehearsal.result',
    migration,
    outcome,
    ending,
    durationSeconds: Math.round(durationSeconds * 10) / 10,
    acknowledgedWrites,
    ambiguousWrites,
    lostWrites,
    duplicateWrites,
    writesAcceptedByBothSides,
    quietestSecondAcknowledgedWrites: judgement.quietestSecond?.acknowledged ?? null,
    switches: judgement.switches.map(
      ({ direction, writePauseMilliseconds: { p50, p99, max }, reconnectMilliseconds }, at) => ({
        direction,
        writePauseMilliseconds: { p50: finite(p50), p99: finite(p99), max: finite(max) },
        partsMilliseconds: { ...parts[at], reconnect: finite(reconnectMilliseconds) ?? undefined },
      }),
    ),
    invariants: Object.fromEntries(
      INVARIANTS.map((name) => [name, judgement.invariants[name].verdict]),
    ) as RehearsalResult['invariants'],
  };
}

function finite(milliseconds: number): number | null {
  return Number.isFinite(milliseconds) ? milliseconds : null;
}
