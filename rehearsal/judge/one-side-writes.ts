import type { Side } from '../workload/configuration';
import type { GateRecord } from '../workload/ledger';
import type { SideFacts } from './engine-facts';
import { type Finding, finding } from './finding';
import type { LedgerView } from './ledger-view';
import type { Commit, Phases } from './phases';

const HOW =
  "both engines' commit timestamps of every write by clients, consumer and direct probes: within an operator's run the " +
  'old side commits nothing after the new side first did, at other times only one side commits; and no two samples of ' +
  'the login locks show both sides unlocked';

/** I2, from the engines alone. */
export function oneSideWrites(
  commits: Commit[],
  { phases, strays }: Phases,
  ledger: LedgerView,
  openAtEnd: Side[],
  facts?: Record<Side, Pick<SideFacts, 'latencyMilliseconds'>>,
): Finding {
  const violations = strays.map(
    (commit) =>
      `${commit.who} was committed by the ${commit.side} at ${new Date(commit.at).toISOString()}, which was not primary`,
  );
  violations.push(...bothUnlocked(ledger.gates));
  if (openAtEnd.length > 1) violations.push('at the end the write accounts may log in on both sides');
  const samples = ledger.gates.reduce((sum, gate) => sum + gate.samples, 0);
  const evidence = [`${commits.length} commits, ${samples} samples of the login locks`];
  phases.slice(1).forEach((phase, at) => {
    const gap = phase.first.at - (phases[at]?.last.at ?? NaN);
    evidence.push(`the ${phase.side} first committed ${gap.toFixed(1)} ms after the other side's last commit`);
  });
  return finding(HOW, violations, [...evidence, ...exactness(facts)]);
}

function exactness(facts: Partial<Record<Side, Pick<SideFacts, 'latencyMilliseconds'>>> = {}): string[] {
  return (['source', 'target'] as const).flatMap((side) => {
    const latency = facts[side]?.latencyMilliseconds;
    if (latency === undefined) return [];
    const most = latency.toFixed(1);
    return [
      `the ${side} keeps no commit timestamps: its instants are those of the ledger's row, each transaction's last ` +
        `statement, and all were acknowledged within ${most} ms`,
    ];
  });
}

/** Stretches of samples that overlap although each saw its own side unlocked all the while. */
function bothUnlocked(gates: GateRecord[]): string[] {
  const open = gates.filter((gate) => gate.unlocked.length > 0 && gate.from <= gate.until);
  const source = open.filter((gate) => gate.side === 'source');
  const target = open.filter((gate) => gate.side === 'target').sort((one, other) => one.from - other.from);
  return source.flatMap((one) =>
    target
      .filter((other) => one.from <= other.until && other.from <= one.until)
      .map(
        (other) =>
          `both sides unlocked at ${new Date(Math.max(one.from, other.from)).toISOString()}: ` +
          `${one.unlocked.join(', ')} on the source, ${other.unlocked.join(', ')} on the target`,
      ),
  );
}
