import type { TableStatements } from './dialects/dialect';
import type { Key, KeyRange } from './table-key';
import type { Lane } from './verified-side';

/** Canonical key of a row that a statement returned (`k0`, `k1`, …). */
export function keyOf(row: Record<string, string | null>, columns: number): Key {
  return Array.from({ length: columns }, (_, index) => row[`k${index}`] ?? '');
}

/**
 * Cuts a table into ranges that together hold every key there can be; bounds are read from the primary. The next bound
 * is asked for before a range is handed out, so that neither side waits for it.
 */
export class KeyRanges {
  private readonly lane: Lane;
  private readonly statements: TableStatements;
  private readonly columns: number;
  private readonly size: () => number;
  private readonly signal: AbortSignal;
  private upcoming: Promise<KeyRange | undefined>;

  constructor(on: {
    lane: Lane;
    statements: TableStatements;
    columns: number;
    size: () => number;
    signal: AbortSignal;
  }) {
    this.lane = on.lane;
    this.statements = on.statements;
    this.columns = on.columns;
    this.size = on.size;
    this.signal = on.signal;
    this.upcoming = this.read(undefined);
  }

  async next(): Promise<KeyRange | undefined> {
    const range = this.upcoming;
    this.upcoming = range.then((one) => (one?.upTo ? this.read(one.upTo) : undefined));
    // A failure belongs to whoever asks for that range; it must not be nobody's.
    this.upcoming.catch(() => undefined);
    return range;
  }

  private async read(after: Key | undefined): Promise<KeyRange> {
    const { rows } = await this.lane.run(this.statements.bound(after, this.size()), this.signal);
    return { after, upTo: rows[0] && keyOf(rows[0], this.columns) };
  }
}
