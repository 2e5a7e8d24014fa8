import type { Side } from '../workload/configuration';
import type { TransactionRecord } from '../workload/ledger';
import { committedAt } from './committed-at';
import type { EngineFacts } from './engine-facts';
import { type Finding, finding, notExercised } from './finding';
import { entryName, type LedgerView } from './ledger-view';
import type { Phase, Phases } from './phases';

const HOW =
  'at the first application commit of a side that opens, each transaction that the other side had committed was already ' +
  "applied there: the commit timestamp of its entry's row on the opening side is older";
const HOW_BACK =
  'at the first application commit of the source after a way back, every write that either side had committed stood ' +
  'there: its own entries are present, those of the target were applied before; and where the target serves at the end ' +
  'with replication back under way, the source holds every write of the target too';

/** I3, for each change of side. */
export function appliedBeforeOpen(ledger: LedgerView, facts: EngineFacts, { phases }: Phases): Finding {
  const changes = phases.slice(1);
  if (changes.length === 0) return notExercised(HOW);
  const checked = changes.map((phase) =>
    check(phase, committedBefore(ledger, facts, phase.first.at, other(phase.side)), facts),
  );
  return finding(
    HOW,
    checked.flatMap((each) => each.violations),
    checked.map((each) => each.evidence),
  );
}

/** I5, for each change back to the source, and for the one that could still be made when the rehearsal ends. */
export function nothingLostOnTheWayBack(
  ledger: LedgerView,
  facts: EngineFacts,
  { phases }: Phases,
  wayBackIsOpen: boolean,
): Finding {
  const returns = phases.slice(1).filter((phase) => phase.side === 'source');
  const follows = wayBackIsOpen && phases.length > 1 && phases.at(-1)?.side === 'target';
  if (returns.length === 0 && !follows) return notExercised(HOW_BACK);
  const violations: string[] = [];
  const evidence: string[] = [];
  if (follows) {
    const written = committedBefore(ledger, facts, Infinity, 'target');
    const missing = written.filter((each) => !facts.source.entries.has(entryName(each)));
    violations.push(
      ...missing.map((each) => `${entryName(each)} of the target never reached the source: a way back would lose it`),
    );
    evidence.push(`${written.length} writes of the target stand on the source, which follows it`);
  }
  for (const phase of returns) {
    const foreign = check(phase, committedBefore(ledger, facts, phase.first.at, 'target'), facts);
    const own = committedBefore(ledger, facts, phase.first.at, 'source');
    violations.push(...foreign.violations);
    for (const each of own) {
      if (!facts.source.entries.has(entryName(each)))
        violations.push(`${entryName(each)} is gone from the source, which committed it`);
    }
    evidence.push(`${own.length} writes of the source stand; ${foreign.evidence}`);
  }
  return finding(HOW_BACK, violations, evidence);
}

function other(side: Side): Side {
  return side === 'source' ? 'target' : 'source';
}

function committedBefore(ledger: LedgerView, facts: EngineFacts, before: number, side: Side): TransactionRecord[] {
  return ledger.transactions.filter((each) => each.side === side && (committedAt(facts, each) ?? Infinity) < before);
}

function check(
  phase: Phase,
  earlier: TransactionRecord[],
  facts: EngineFacts,
): { violations: string[]; evidence: string } {
  const violations: string[] = [];
  let latest = -Infinity;
  for (const each of earlier) {
    const name = entryName(each);
    const applied = facts[phase.side].entries.get(name)?.[0];
    if (applied === undefined) violations.push(`${name} of the ${each.side} was never applied on the ${phase.side}`);
    else if (applied >= phase.first.at) {
      const late = (applied - phase.first.at).toFixed(1);
      violations.push(`${name} of the ${each.side} was applied ${late} ms after the ${phase.side} had opened`);
    } else latest = Math.max(latest, applied);
  }
  const margin = (phase.first.at - latest).toFixed(1);
  return {
    violations,
    evidence: `${earlier.length} writes were applied on the ${phase.side}, the last ${margin} ms before it opened`,
  };
}
