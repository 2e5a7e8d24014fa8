import type { DataFinding } from './data-finding';
import type { Probe } from './probes';

const listedKeys = 3;

/** What the probes of one table have found until now. */
export class ProbeTally {
  private readonly object: string;
  private readonly probes: readonly Probe[];
  private readonly counts: number[];
  private readonly samples: string[][];

  constructor(object: string, probes: readonly Probe[]) {
    this.object = object;
    this.probes = probes;
    this.counts = probes.map(() => 0);
    this.samples = probes.map(() => []);
  }

  add(at: number, rows: number): void {
    this.counts[at] = (this.counts[at] ?? 0) + rows;
  }

  /** How many keys of rows that a probe has found are still to be told. */
  keysWanted(at: number): number {
    return listedKeys - (this.samples[at]?.length ?? listedKeys);
  }

  tell(at: number, keys: readonly string[]): void {
    this.samples[at]?.push(...keys);
  }

  findings(): DataFinding[] {
    return this.probes.flatMap((probe, at): DataFinding[] => {
      const rows = this.counts[at] ?? 0;
      if (rows === 0) return [];
      const { column, found, effect, remedy, isNote } = probe;
      const keys = this.samples[at] ?? [];
      return [
        { object: this.object, column, rows, keys, text: `${found}: ${effect}`, remedy, ...(isNote && { isNote }) },
      ];
    });
  }
}
