import { committedAt } from './committed-at';
import type { EngineFacts } from './engine-facts';
import { type Finding, finding, notExercised } from './finding';
import { groupBy } from './group';
import { entryName, type LedgerView } from './ledger-view';
import type { Phases } from './phases';

const HOW =
  'for each column whose key the engine makes: every key made after a change of side is above all keys made before on ' +
  'either side and above those that stood at the start, and none is made twice; and no sequence of a side that ' +
  'opened last has counted less than on the other side';

interface Made {
  at: number;
  column: string;
  value: bigint;
  by: string;
}

/** I4, from the keys that the engines gave to committed transactions. */
export function newKeys(ledger: LedgerView, facts: EngineFacts, { phases, endsWithChange }: Phases): Finding {
  if (phases.length < 2) return notExercised(HOW);
  const violations: string[] = [];
  const columns = groupBy(madeKeys(ledger, facts), (made) => made.column);
  const baseline = new Map(ledger.baseline.map(([column, value]) => [column, BigInt(value)]));
  let crossed = 0;
  for (const [column, keys] of columns) {
    violations.push(...repeated(keys));
    crossed += phases.slice(1).filter((phase) => {
      const before = keys.filter((key) => key.at < phase.first.at);
      const after = keys.filter((key) => key.at >= phase.first.at);
      const highest = before.reduce((top, key) => (key.value > top ? key.value : top), baseline.get(column) ?? 0n);
      for (const key of after.filter((each) => each.value <= highest)) {
        violations.push(
          `${column} ${key.value} of ${key.by} is not above ${highest}, made before the ${phase.side} opened`,
        );
      }
      return before.length > 0 && after.length > 0;
    }).length;
  }
  // After an unwound switch the side that did not open may rightly stand higher.
  if (endsWithChange) violations.push(...sequencesBehind(facts, phases));
  return finding(HOW, violations, [`${columns.size} columns, ${crossed} crossings of a change of side`]);
}

/** A sequence that stands lower than on the other side gives a key that was given already, or soon will. */
function sequencesBehind(facts: EngineFacts, phases: Phases['phases']): string[] {
  const serving = phases.at(-1)?.side ?? 'source';
  const other = serving === 'source' ? 'target' : 'source';
  return [...facts[other].sequences].flatMap(([name, given]) => {
    const own = facts[serving].sequences.get(name) ?? 0n;
    return own >= given ? [] : [`${name} stands at ${own} on the ${serving}, while the ${other} has given ${given}`];
  });
}

function madeKeys(ledger: LedgerView, facts: EngineFacts): Made[] {
  return ledger.transactions.flatMap((each) => {
    const at = committedAt(facts, each);
    if (at === undefined) return [];
    const entry: [string, string][] = each.entry === null ? [] : [['rehearsal_ledger.entries.id', each.entry]];
    return [...each.generated, ...entry].map(([column, value]) => ({
      at,
      column,
      value: BigInt(value),
      by: entryName(each),
    }));
  });
}

function repeated(keys: Made[]): string[] {
  const seen = new Map<bigint, string>();
  return keys.flatMap((key) => {
    const earlier = seen.get(key.value);
    seen.set(key.value, key.by);
    return earlier === undefined ? [] : [`${key.column} ${key.value} was made for ${earlier} and again for ${key.by}`];
  });
}
