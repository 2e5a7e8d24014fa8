import type { NeutralForm } from './neutral-types';
import { jsonValue } from './json-value';
import { keyOf } from './key-ranges';
import { keyText, type Key, type KeyRange } from './table-key';
import type { Row, Sides } from './compared-sides';

/** What is fetched from a side at once, so that the memory it takes does not grow with the table. */
const bytesAtOnce = 8 * 1024 * 1024;
const keysAtOnce = 500;

interface SizedKey {
  readonly key: Key;
  readonly bytes: number;
}
interface DifferentValues {
  readonly key: Key;
  /** Positions among the table's columns. */
  readonly columns: readonly number[];
}

/** Compares one by one the values that are not in the digest: JSON, and the doubles that the engines do not write alike. */
export class ValueComparison {
  private readonly sides: Sides;
  private readonly keyColumns: number;
  private readonly columns: readonly { readonly position: number; readonly form: NeutralForm }[];

  constructor(sides: Sides, on: { keyColumns: number; positions: readonly number[]; forms: readonly NeutralForm[] }) {
    this.sides = sides;
    this.keyColumns = on.keyColumns;
    this.columns = on.positions.map((position, index) => ({ position, form: on.forms[index] ?? 'json' }));
  }

  async inRange(range: KeyRange, bytes: number, signal: AbortSignal): Promise<DifferentValues[]> {
    if (bytes <= bytesAtOnce) {
      const [here, there] = await this.sides.ask(({ values }) => values?.inRange(range), signal);
      return this.differing(here, there);
    }
    const [here, there] = await this.sides.ask(({ values }) => values?.sizes(range), signal);
    return this.byKey(this.larger(here, there), signal);
  }

  async byKey(keys: readonly SizedKey[], signal: AbortSignal): Promise<DifferentValues[]> {
    const found: DifferentValues[] = [];
    for (const batch of batches(keys)) {
      const [here, there] = await this.sides.ask(({ values }) => values?.byKey(batch), signal);
      found.push(...this.differing(here, there));
    }
    return found;
  }

  /** Rows that have values on both sides, and the larger size of each. What only one has shows in the digest. */
  larger(here: readonly Row[], there: readonly Row[]): SizedKey[] {
    const sized = (rows: readonly Row[]) =>
      rows.filter((row) => row.bytes !== null).map((row) => ({ key: this.keyOf(row), bytes: Number(row.bytes) }));
    const counterparts = new Map(sized(there).map(({ key, bytes }) => [keyText(key), bytes]));
    return sized(here).flatMap(({ key, bytes }) => {
      const other = counterparts.get(keyText(key));
      return other === undefined ? [] : [{ key, bytes: Math.max(bytes, other) }];
    });
  }

  private differing(here: readonly Row[], there: readonly Row[]): DifferentValues[] {
    const counterparts = new Map(there.map((row) => [keyText(this.keyOf(row)), row]));
    return here.flatMap((row) => {
      const key = this.keyOf(row);
      const counterpart = counterparts.get(keyText(key));
      if (!counterpart) return [];
      const columns = this.columns.filter(
        ({ form }, index) => !sameValue(form, row[`v${index}`] ?? null, counterpart[`v${index}`] ?? null),
      );
      return columns.length === 0 ? [] : [{ key, columns: columns.map(({ position }) => position) }];
    });
  }

  private keyOf(row: Row): Key {
    return keyOf(row, this.keyColumns);
  }
}

function sameValue(form: NeutralForm, here: string | null, there: string | null): boolean {
  if (here === there) return true;
  if (here === null || there === null) return false;
  return form === 'float' ? Number(here) === Number(there) : jsonValue(here) === jsonValue(there);
}

function* batches(keys: readonly SizedKey[]): Generator<Key[]> {
  let batch: Key[] = [];
  let bytes = 0;
  for (const one of keys) {
    if (batch.length > 0 && (batch.length === keysAtOnce || bytes + one.bytes > bytesAtOnce)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(one.key);
    bytes += one.bytes;
  }
  if (batch.length > 0) yield batch;
}
