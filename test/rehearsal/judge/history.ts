import type { EngineFacts } from '../../../rehearsal/judge/engine-facts';
import type { FinalRows } from '../../../rehearsal/judge/final-rows';
import { emptyLedger, entryName, type LedgerView } from '../../../rehearsal/judge/ledger-view';
import type { OperatorWindow } from '../../../rehearsal/judge/phases';
import type { Side } from '../../../rehearsal/workload/configuration';
import type { TransactionRecord } from '../../../rehearsal/workload/ledger';

export const BEGIN = 1_700_000_000_000;

export interface History {
  ledger: LedgerView;
  facts: EngineFacts;
  windows: OperatorWindow[];
  rows: FinalRows;
}

/** Times of the run in milliseconds from its beginning: forward at 1000, back at 3000, forward again at 5000. */
const PHASES: [side: Side, from: number, until: number][] = [
  ['source', 0, 1000],
  ['target', 1500, 3000],
  ['source', 3500, 5000],
  ['target', 5500, 8000],
];

/**
 * A sound rehearsal: two clients write every 20 ms, each row is inserted once and changed once, both ways of replication
 * take 5 ms, and the operator moves the primary three times. Tests take it and falsify one thing.
 */
export function soundHistory(): History {
  const history: History = {
    ledger: emptyLedger(),
    facts: { source: noFacts(), target: noFacts() },
    windows: [window('switch', 900, 1600), window('roll-back', 2900, 3600), window('switch', 4900, 5600)],
    rows: new Map([['public.things', new Map<string, string>()]]),
  };
  history.facts.target.unlocked = ['app'];
  history.ledger.baseline = [['public.things.id', '100']];
  let id = 100;
  let sequence = 0;
  for (const [side, from, until] of PHASES) {
    for (let at = from; at < until; at += 20) {
      sequence++;
      if (sequence % 2 === 1) id++;
      const change = sequence % 2 === 1 ? `{"id": ${id}, "v": 1}` : `{"id": ${id}, "v": 2}`;
      const generated: [string, string][] = sequence % 2 === 1 ? [['public.things.id', String(id)]] : [];
      commit(history, write(side, at, sequence, { key: [String(id)], row: change, generated }));
      history.rows.get('public.things')?.set(JSON.stringify([String(id)]), change);
    }
    history.ledger.gates.push(gate(side, from, until));
  }
  for (const at of [1000, 3000, 5000])
    history.ledger.breaks.push({ kind: 'break', client: 'writer-1', at: BEGIN + at, reason: '57P01' });
  return history;
}

export function window(verb: string, from: number, until: number): OperatorWindow {
  return { verb, from: BEGIN + from, until: BEGIN + until };
}

export function gate(side: Side, from: number, until: number) {
  return {
    kind: 'gate' as const,
    side,
    from: BEGIN + from,
    until: BEGIN + until,
    samples: 10,
    unlocked: ['app'],
    sessions: 1,
  };
}

export function write(
  side: Side,
  at: number,
  sequence: number,
  { key, row, generated = [] }: { key: string[]; row: string | null; generated?: [string, string][] },
): TransactionRecord {
  return {
    kind: 'transaction',
    client: 'writer-1',
    sequence,
    invoked: BEGIN + at,
    ended: BEGIN + at + 2,
    side,
    xid: `${sequence}`,
    entry: `${sequence}`,
    outcome: 'ok',
    operations: [{ table: 'public.things', key, row }],
    generated,
  };
}

/** Puts a write into the ledger, commits it on its side and applies it on the other one 5 ms later. */
export function commit(history: History, record: TransactionRecord): void {
  const other = record.side === 'source' ? 'target' : 'source';
  history.ledger.transactions.push(record);
  history.facts[record.side].commits.set(record.xid ?? '', record.ended - 1);
  history.facts[record.side].entries.set(entryName(record), [record.ended - 1]);
  history.facts[other].entries.set(entryName(record), [record.ended + 4]);
}

function noFacts(): EngineFacts['source'] {
  return { commits: new Map(), entries: new Map(), probes: [], proofs: [], unlocked: [], sequences: new Map() };
}

/** The nth write of the ledger, from 1. */
export function nth(history: History, sequence: number): TransactionRecord {
  const found = history.ledger.transactions.find((each) => each.sequence === sequence);
  if (found === undefined) throw new Error(`no write ${sequence}`);
  return found;
}
