import { keyOf } from './key-ranges';
import { keyText, type Key } from './table-key';

export interface Difference {
  readonly key: Key;
  readonly kind: 'missing on other' | 'missing on primary' | 'different';
}
type Rows = readonly Record<string, string | null>[];

/** Digests by key. A key that stands twice (no unique index there) has a text of both, so it equals no single row. */
function byKey(rows: Rows, columns: number): Map<string, { key: Key; digest: string }> {
  const found = new Map<string, { key: Key; digest: string }>();
  for (const row of rows) {
    const key = keyOf(row, columns);
    const before = found.get(keyText(key));
    const digest = row.digest ?? '';
    found.set(keyText(key), { key, digest: before ? [before.digest, digest].sort().join() : digest });
  }
  return found;
}

/** What differs between the same rows of both sides, each given as its key and its digest. */
export function differences(primary: Rows, other: Rows, keyColumns: number): Difference[] {
  const here = byKey(primary, keyColumns);
  const there = byKey(other, keyColumns);
  const found: Difference[] = [];
  for (const [text, { key, digest }] of here) {
    const counterpart = there.get(text);
    if (!counterpart) found.push({ key, kind: 'missing on other' });
    else if (counterpart.digest !== digest) found.push({ key, kind: 'different' });
  }
  for (const [text, { key }] of there) if (!here.has(text)) found.push({ key, kind: 'missing on primary' });
  return found;
}

/** The keys of differences, each once: a row can be missing in one range here and in another there. */
export const distinctKeys = (found: readonly Difference[]): Key[] => [
  ...new Map(found.map(({ key }) => [keyText(key), key])).values(),
];
