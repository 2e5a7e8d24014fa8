import type { TableName, Tuple } from '../row-change';
import type { TableStatistics } from '../table-statistics';
import type { Renaming } from './transformation';

/** Where one captured table goes. Rows keep sharing their `names` arrays after renaming, so plans stay cached. */
export class Route {
  readonly source: TableName;
  readonly target: TableName;
  readonly statistics: TableStatistics;
  /** The target's names of the source's replica identity; empty when the source has none. */
  readonly keyColumns: readonly string[];
  /** The target's names of columns whose values are binary digits. */
  readonly bitColumns: ReadonlySet<string>;
  /** The source's bare types by the target's names of the columns, where the source tells them. */
  readonly sourceTypes: ReadonlyMap<string, string>;
  private readonly renaming: Renaming;
  private readonly shapes = new WeakMap<readonly string[], { names: string[]; kept: number[] }>();

  constructor(
    source: TableName,
    renaming: Renaming,
    keyColumns: readonly string[],
    statistics: TableStatistics,
    bitColumns: readonly string[] = [],
    types: ReadonlyMap<string, string> = new Map(),
  ) {
    this.source = source;
    this.target = renaming.target;
    this.renaming = renaming;
    this.statistics = statistics;
    this.keyColumns = keyColumns.flatMap((name) => renaming.column(name) ?? []);
    this.bitColumns = new Set(bitColumns.flatMap((name) => renaming.column(name) ?? []));
    this.sourceTypes = new Map([...types].map(([name, type]) => [renaming.column(name) ?? '', type]));
  }

  /** The target's name of a column, or undefined when a rule removes it. */
  column(name: string): string | undefined {
    return this.renaming.column(name);
  }

  tuple(tuple: Tuple): Tuple {
    let shape = this.shapes.get(tuple.names);
    if (!shape) {
      const targets = tuple.names.map((name) => this.renaming.column(name));
      const kept = targets.flatMap((name, index) => (name === undefined ? [] : [index]));
      shape = { names: kept.map((index) => targets[index] as string), kept };
      this.shapes.set(tuple.names, shape);
    }
    if (shape.kept.length === tuple.values.length) return { names: shape.names, values: tuple.values };
    return { names: shape.names, values: shape.kept.map((index) => tuple.values[index]) };
  }
}
