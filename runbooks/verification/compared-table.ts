import { canonicalKey } from './canonical-key';
import { Sides, type Row } from './compared-sides';
import type { NeutralColumn, TableShape } from './dialects/dialect';
import { keyOf } from './key-ranges';
import type { DivergentKey } from './result';
import { differences, type Difference } from './row-difference';
import { keyText, type Key, type KeyRange } from './table-key';
import { ValueComparison } from './value-comparison';
import { dialectOf, type Lane, type VerifiedSide } from './verified-side';

/** Keys per statement when rows are looked up by key; MySQL plans long lists of several columns ever more slowly. */
const keysPerStatement = { one: 2000, severalOfMysql: 500 };

/** One table of both sides, and the questions that are asked about it. */
export class ComparedTable {
  readonly name: string;
  readonly keyColumns: number;
  readonly bytewise: boolean;
  readonly sides: Sides;
  private readonly columns: readonly string[];
  /** Of a table of which one side is MySQL: keys come as either log prints them, and an index may find others too. */
  private readonly neutralKey: readonly NeutralColumn[] | undefined;
  private readonly values: ValueComparison | undefined;

  constructor(
    name: string,
    shapes: { primary: TableShape; other: TableShape },
    ends: { primary: VerifiedSide; other: VerifiedSide; primaryLane: Lane; otherLane: Lane },
  ) {
    const { primary, other } = shapes;
    this.name = name;
    this.keyColumns = primary.key.length;
    this.bytewise = primary.bytewise;
    this.columns = primary.columns.map((column) => column.name);
    const statements = (side: VerifiedSide, shape: TableShape) => dialectOf(side.engine).statements(shape);
    this.sides = new Sides(
      { lane: ends.primaryLane, statements: statements(ends.primary, primary) },
      { lane: ends.otherLane, statements: statements(ends.other, other) },
    );
    if (primary.encoding === 'neutral') {
      this.neutralKey = primary.key;
      const positions = this.sides.primary.statements.values?.columns;
      const forms = positions?.map((position) => primary.columns[position]?.form ?? 'json') ?? [];
      const { keyColumns } = this;
      this.values = positions && new ValueComparison(this.sides, { keyColumns, positions, forms });
    }
  }

  /** Rows of the range on the primary, the rows that differ, how long the slower side took, and bytes of single values. */
  async compareRange(range: KeyRange, signal: AbortSignal) {
    const { here, there, milliseconds } = await this.sides.timed((statements) => statements.digests(range), signal);
    const expected = new Map(there.map((row) => [row.bucket, `${row.rows}:${row.digest}`]));
    const differing = new Set(there.map((row) => row.bucket));
    for (const row of here) {
      if (expected.get(row.bucket) === `${row.rows}:${row.digest}`) differing.delete(row.bucket);
      else differing.add(row.bucket);
    }
    const found = differing.size === 0 ? [] : await this.compareBuckets(range, [...differing].map(Number), signal);
    const bytes = Math.max(sum(here, 'bytes'), sum(there, 'bytes'));
    if (this.values && sum(here, 'valued') > 0 && sum(there, 'valued') > 0) {
      found.push(...(await this.values.inRange(range, bytes, signal)).map(different));
    }
    return { rows: sum(here, 'rows'), milliseconds, bytes, differences: eachOnce(found) };
  }

  private async compareBuckets(range: KeyRange, buckets: number[], signal: AbortSignal): Promise<Difference[]> {
    const [here, there] = await this.sides.ask((statements) => statements.rowsInBuckets(range, buckets), signal);
    return differences(here, there, this.keyColumns);
  }

  /** Those of the keys whose rows differ now. */
  async compareKeys(keys: readonly Key[], signal: AbortSignal): Promise<Difference[]> {
    const found: Difference[] = [];
    const size = this.neutralKey && this.keyColumns > 1 ? keysPerStatement.severalOfMysql : keysPerStatement.one;
    for (let at = 0; at < keys.length; at += size) {
      const batch = keys.slice(at, at + size).map((key) => this.canonical(key));
      const asked = await this.sides.ask((statements) => statements.rowsByKey(batch), signal);
      const [here, there] = this.only(batch, asked);
      found.push(...differences(here, there, this.keyColumns));
      if (this.values) {
        const values = await this.values.byKey(this.values.larger(here, there), signal);
        found.push(...values.map(different));
      }
    }
    return eachOnce(found);
  }

  /** Names the columns in which rows differ. */
  async explain(found: readonly Difference[], signal: AbortSignal): Promise<DivergentKey[]> {
    const keys = found.filter((one) => one.kind === 'different').map((one) => one.key);
    if (keys.length === 0) return [...found];
    const [here, there] = await this.sides.ask((statements) => statements.columnsByKey(keys), signal);
    const text = (row: Row) => keyText(keyOf(row, this.keyColumns));
    const counterparts = new Map(there.map((row) => [text(row), row]));
    const valued = new Map((await this.valuesOf(keys, signal)).map(({ key, columns: of }) => [keyText(key), of]));
    const columns = new Map(
      here.map((row) => {
        const counterpart = counterparts.get(text(row));
        const isDifferent = (index: number) =>
          row[`c${index}`] !== counterpart?.[`c${index}`] || valued.get(text(row))?.includes(index);
        return [text(row), this.columns.filter((_, index) => isDifferent(index))];
      }),
    );
    return found.map((one) => (one.kind === 'different' ? { ...one, columns: columns.get(keyText(one.key)) } : one));
  }

  private async valuesOf(keys: readonly Key[], signal: AbortSignal) {
    if (!this.values) return [];
    const [here, there] = await this.sides.ask((statements) => statements.rowsByKey(keys), signal);
    return this.values.byKey(this.values.larger(here, there), signal);
  }

  private canonical(key: Key): Key {
    return this.neutralKey ? canonicalKey(this.neutralKey, key) : key;
  }

  /** The rows that were asked for: a collation may have found others for them. */
  private only(keys: readonly Key[], rows: [Row[], Row[]]): [Row[], Row[]] {
    if (!this.neutralKey) return rows;
    const wanted = new Set(keys.map(keyText));
    const asked = (of: Row[]) => of.filter((row) => wanted.has(keyText(keyOf(row, this.keyColumns))));
    return [asked(rows[0]), asked(rows[1])];
  }
}

const sum = (rows: readonly Row[], of: string): number => rows.reduce((total, row) => total + Number(row[of] ?? 0), 0);
const different = ({ key }: { readonly key: Key }): Difference => ({ key, kind: 'different' });

/** A row may differ in its digest and in a single value. */
const eachOnce = (found: readonly Difference[]): Difference[] => [
  ...new Map(found.map((one) => [`${one.kind} ${keyText(one.key)}`, one])).values(),
];
