import type { Operation, TransactionRecord } from '../workload/ledger';
import { committedAt } from './committed-at';
import type { EngineFacts, SideFacts } from './engine-facts';
import { type FinalRows, keyName } from './final-rows';
import { type Finding, finding } from './finding';
import { entryName, type LedgerView } from './ledger-view';

export interface WriteCounts {
  acknowledgedWrites: number;
  ambiguousWrites: number;
  lostWrites: number;
  duplicateWrites: number;
}

const HOW =
  'every acknowledged transaction has exactly one entry on the primary (an ambiguous one 0 or 1, a failed one none), and ' +
  'every key that the clients touched has the row of its last committed transaction';

/** I1, from the ledger and the primary's tables. */
export function exactlyOnce(
  ledger: LedgerView,
  facts: EngineFacts,
  primary: SideFacts,
  rows: FinalRows,
): { finding: Finding; counts: WriteCounts } {
  const counts: WriteCounts = { acknowledgedWrites: 0, ambiguousWrites: 0, lostWrites: 0, duplicateWrites: 0 };
  const violations: string[] = [];
  const lost = new Set<string>();
  const known = new Set<string>();
  for (const each of ledger.transactions) {
    const name = entryName(each);
    known.add(name);
    const copies = primary.entries.get(name)?.length ?? 0;
    if (each.outcome === 'ok') counts.acknowledgedWrites++;
    if (each.outcome === 'ambiguous') counts.ambiguousWrites++;
    if (each.outcome === 'ok' && copies === 0) {
      lost.add(name);
      violations.push(`lost: ${name}, acknowledged by the ${each.side} at ${instant(each.ended)}, has no entry`);
    }
    if (copies > 1) {
      counts.duplicateWrites += copies - 1;
      violations.push(`duplicate: ${name} stands ${copies} times`);
    }
    if (each.outcome === 'failed' && copies > 0)
      violations.push(`revived: ${name} failed (${each.reason}) and has an entry`);
  }
  for (const name of primary.entries.keys()) if (!known.has(name)) violations.push(`unknown: nobody wrote ${name}`);
  const expected = expectedRows(ledger, facts);
  for (const { operation, writer } of expected) {
    const row = rows.get(operation.table)?.get(keyName(operation.key)) ?? null;
    if (row === operation.row) continue;
    if (writer.outcome === 'ok') lost.add(entryName(writer));
    violations.push(difference(operation, row, writer));
  }
  counts.lostWrites = lost.size;
  const evidence = [
    `${counts.acknowledgedWrites} acknowledged, ${counts.ambiguousWrites} ambiguous, ${expected.length} keys compared`,
  ];
  return { finding: finding(HOW, violations, evidence), counts };
}

/** The last committed operation on each key. Whether and when it was committed is the word of the engine it was made on. */
function expectedRows(ledger: LedgerView, facts: EngineFacts): { operation: Operation; writer: TransactionRecord }[] {
  const last = new Map<string, { operation: Operation; writer: TransactionRecord; at: number }>();
  const unknown = new Set<string>();
  for (const writer of ledger.transactions) {
    for (const { table, key, unknown: lost } of writer.operations) if (lost) unknown.add(table + keyName(key));
    const committed = committedAt(facts, writer);
    if (writer.outcome === 'failed' || (writer.outcome === 'ambiguous' && committed === undefined)) continue;
    const at = committed ?? writer.ended;
    for (const operation of writer.operations) {
      const key = operation.table + keyName(operation.key);
      if ((last.get(key)?.at ?? -Infinity) <= at) last.set(key, { operation, writer, at });
    }
  }
  for (const key of unknown) last.delete(key);
  return [...last.values()];
}

/** The keys whose rows must be read from the primary, by table. */
export function touchedKeys(ledger: LedgerView): Map<string, string[][]> {
  const keys = new Map<string, Map<string, string[]>>();
  for (const { operations } of ledger.transactions) {
    for (const { table, key } of operations) {
      if (!keys.has(table)) keys.set(table, new Map());
      keys.get(table)?.set(keyName(key), key);
    }
  }
  return new Map([...keys].map(([table, byName]) => [table, [...byName.values()]]));
}

function difference({ table, key, row }: Operation, found: string | null, writer: TransactionRecord): string {
  const where = `${table} ${keyName(key)}, last written by ${entryName(writer)} on the ${writer.side}`;
  if (found === null) return `row missing: ${where}`;
  if (row === null) return `row came back: ${where}, which deleted it`;
  return `row differs: ${where}: expected ${excerpt(row, found)}, found ${excerpt(found, row)}`;
}

/** The part of a text around its first difference from another. */
function excerpt(text: string, other: string): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  return `…${text.slice(Math.max(0, at - 30), at + 50)}…`;
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
