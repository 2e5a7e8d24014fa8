import type { TableShape, TableStatements } from './dialects/dialect';
import { keyOf } from './key-ranges';
import type { DivergentKey } from './result';
import { differences, type Difference } from './row-difference';
import { keyText, type Key, type KeyRange } from './table-key';
import { dialectOf, type Lane, type VerifiedSide } from './verified-side';

/** Keys per statement when rows are looked up by key. */
const keysPerStatement = 2000;

interface End {
  readonly lane: Lane;
  readonly statements: TableStatements;
}

/** One table of both sides, and the questions that are asked about it. Each question goes to both sides at once. */
export class ComparedTable {
  readonly name: string;
  readonly keyColumns: number;
  readonly primary: End;
  readonly other: End;
  readonly bytewise: boolean;
  private readonly columns: readonly string[];

  constructor(
    name: string,
    shapes: { primary: TableShape; other: TableShape },
    ends: { primary: VerifiedSide; other: VerifiedSide; primaryLane: Lane; otherLane: Lane },
  ) {
    this.name = name;
    this.keyColumns = shapes.primary.key.length;
    this.bytewise = shapes.primary.bytewise;
    this.columns = shapes.primary.columns.map((column) => column.name);
    const statements = (side: VerifiedSide, shape: TableShape) => dialectOf(side.engine).statements(shape);
    this.primary = { lane: ends.primaryLane, statements: statements(ends.primary, shapes.primary) };
    this.other = { lane: ends.otherLane, statements: statements(ends.other, shapes.other) };
  }

  /** Rows of the range on the primary, the rows that differ, and how long the slower side took. */
  async compareRange(range: KeyRange, signal: AbortSignal) {
    const [here, there] = await this.ask((statements) => statements.digests(range), signal);
    const expected = new Map(there.rows.map((row) => [row.bucket, `${row.rows}:${row.digest}`]));
    const differing = new Set(there.rows.map((row) => row.bucket));
    for (const row of here.rows) {
      if (expected.get(row.bucket) === `${row.rows}:${row.digest}`) differing.delete(row.bucket);
      else differing.add(row.bucket);
    }
    return {
      rows: here.rows.reduce((sum, row) => sum + Number(row.rows), 0),
      milliseconds: Math.max(here.milliseconds, there.milliseconds),
      differences: differing.size === 0 ? [] : await this.compareBuckets(range, [...differing].map(Number), signal),
    };
  }

  private async compareBuckets(range: KeyRange, buckets: number[], signal: AbortSignal): Promise<Difference[]> {
    const [here, there] = await this.ask((statements) => statements.rowsInBuckets(range, buckets), signal);
    return differences(here.rows, there.rows, this.keyColumns);
  }

  /** Those of the keys whose rows differ now. */
  async compareKeys(keys: readonly Key[], signal: AbortSignal): Promise<Difference[]> {
    const found: Difference[] = [];
    for (let at = 0; at < keys.length; at += keysPerStatement) {
      const batch = keys.slice(at, at + keysPerStatement);
      const [here, there] = await this.ask((statements) => statements.rowsByKey(batch), signal);
      found.push(...differences(here.rows, there.rows, this.keyColumns));
    }
    return found;
  }

  /** Names the columns in which rows differ. */
  async explain(found: readonly Difference[], signal: AbortSignal): Promise<DivergentKey[]> {
    const keys = found.filter((one) => one.kind === 'different').map((one) => one.key);
    if (keys.length === 0) return [...found];
    const [here, there] = await this.ask((statements) => statements.columnsByKey(keys), signal);
    const text = (row: Record<string, string | null>) => keyText(keyOf(row, this.keyColumns));
    const counterparts = new Map(there.rows.map((row) => [text(row), row]));
    const columns = new Map(
      here.rows.map((row) => {
        const counterpart = counterparts.get(text(row));
        return [text(row), this.columns.filter((_, index) => row[`c${index}`] !== counterpart?.[`c${index}`])];
      }),
    );
    return found.map((one) => (one.kind === 'different' ? { ...one, columns: columns.get(keyText(one.key)) } : one));
  }

  private async ask(
    of: (statements: TableStatements) => { sql: string; values: readonly unknown[] },
    signal: AbortSignal,
  ) {
    return Promise.all([
      this.primary.lane.run(of(this.primary.statements), signal),
      this.other.lane.run(of(this.other.statements), signal),
    ]);
  }
}
