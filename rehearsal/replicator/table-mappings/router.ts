import { nameOf, type RowChange, type TableName } from '../row-change';
import type { RoutedChange } from '../routed-change';
import { TableStatistics, type TableState } from '../table-statistics';
import type { TaskSettings } from '../task-settings';
import { Route } from './route';
import { parseRules } from './rules';
import { selector } from './selection';
import { renamingOf } from './transformation';

/** A table of the source's catalogue with the columns of its replica identity. */
export interface SourceTable {
  name: TableName;
  keyColumns: readonly string[];
  /** Columns whose values are binary digits, where another type may stand on the target. */
  bitColumns?: readonly string[];
  /** The types of the columns by their bare names, where one text means different things by its type. */
  types?: ReadonlyMap<string, string>;
}

/** Decides by the task's mappings what is captured and under which names it arrives; holds the tables' statistics. */
export class Router {
  private readonly selects: (table: TableName) => boolean;
  private readonly rename: (table: TableName) => ReturnType<typeof renamingOf>;
  private readonly truncates: boolean;
  private readonly loses: (table: TableName) => boolean;
  private readonly routes = new Map<string, Route | undefined>();

  /**
   * @param tableMappings the task's `TableMappings` JSON; throws when it is not understood
   * @param loses a scenario's fault: true for a change that shall vanish
   */
  constructor(tableMappings: string, settings: TaskSettings, loses: (table: TableName) => boolean = () => false) {
    this.loses = loses;
    const { selections, transformations } = parseRules(tableMappings);
    this.selects = selector(selections, settings.ControlTablesSettings.ControlSchema);
    this.truncates = settings.ChangeProcessingDdlHandlingPolicy.HandleSourceTableTruncated;
    this.rename = (table) => renamingOf(table, transformations);
  }

  /** Routes of the captured tables among `tables`; statistics of tables known before go on. */
  capture(tables: SourceTable[], state: TableState): Route[] {
    const captured = tables.filter((table) => this.selects(table.name));
    return captured.map((table) => {
      const name = nameOf(table.name);
      const statistics = this.routes.get(name)?.statistics ?? new TableStatistics(table.name, state);
      const { bitColumns, types } = table;
      const route = new Route(table.name, this.rename(table.name), table.keyColumns, statistics, bitColumns, types);
      this.routes.set(name, route);
      return route;
    });
  }

  get statistics(): TableStatistics[] {
    return [...this.routes.values()].flatMap((route) => route?.statistics ?? []);
  }

  /** The change under the target's names, or undefined when no rule captures its table. Counts what is read. */
  translate(change: RowChange): RoutedChange | undefined {
    if (change.kind === 'truncate') {
      const routes = change.tables.flatMap((table) => this.routeOf(table) ?? []);
      return this.truncates && routes.length > 0 ? { kind: 'truncate', routes } : undefined;
    }
    const route = this.routeOf(change.table);
    if (!route) return undefined;
    route.statistics.read(change.kind);
    if (this.loses(change.table)) return undefined;
    switch (change.kind) {
      case 'insert':
        return { kind: 'insert', route, row: route.tuple(change.row) };
      case 'update':
        return { kind: 'update', route, key: change.key && route.tuple(change.key), row: route.tuple(change.row) };
      case 'delete':
        return { kind: 'delete', route, key: change.key && route.tuple(change.key) };
    }
  }

  /** Where a table of the source goes, if a rule captures it; also one that was created after the start. */
  routeOf(table: TableName): Route | undefined {
    const name = nameOf(table);
    if (!this.routes.has(name)) {
      const route = this.selects(table)
        ? new Route(table, this.rename(table), [], new TableStatistics(table, 'Table completed'))
        : undefined;
      this.routes.set(name, route);
    }
    return this.routes.get(name);
  }
}
