import type { RoutedChange } from '../../routed-change';
import type { Tuple, Value } from '../../row-change';
import type { Route } from '../../table-mappings/route';
import { adapt, type Adaptation, adaptationOf } from './adaptation';
import { UnidentifiedRowError } from '../unidentified-row';
import type { Statement, Step } from './pipeline';
import { chooseKey, type RowKey } from '../row-key';
import { deleteText, insertText, replaceText, truncateText, updateText } from './statements';
import type { TargetTable, TargetTables } from './target-table';

/** Turns changes into prepared steps. One statement per table and set of columns, named once per session. */
export class Planner {
  private readonly tables: TargetTables;
  private readonly byText = new Map<string, Statement>();
  private inserts = new WeakMap<readonly string[], { statement: Statement; indexes: number[] }>();
  private adaptations = new WeakMap<readonly string[], (Adaptation | undefined)[] | 'none'>();

  constructor(tables: TargetTables) {
    this.tables = tables;
  }

  /** One step, or several for a change that overlaps the load. Throws as `plan` does. */
  steps(change: RoutedChange): Step[] {
    if (change.kind === 'truncate' || change.kind === 'delete' || !change.overlaps) return [this.plan(change)];
    const table = this.table(change.route.target);
    const row = this.adapted(table, change.route, change.row);
    const key = chooseKey(table, change.route.keyColumns, undefined, row);
    if (!key) throw unidentified(change.kind, table);
    const old = change.kind === 'update' && change.key && this.adapted(table, change.route, change.key);
    // Whatever has one of the row's unique values got it later, by a change that is still to come.
    const inTheWay = table.uniqueKeys.filter((names) => valuesOf(row, names).every((value) => value !== null));
    return [
      ...(old ? [this.remove(table, old, key)] : []),
      this.remove(table, row, key),
      ...inTheWay.map((names) => this.remove(table, row, { names, whole: false })),
      this.insert(table, row),
    ];
  }

  /** Throws UnidentifiedRowError when an update or delete does not tell its row. */
  plan(change: RoutedChange): Step {
    if (change.kind === 'truncate') {
      return {
        statement: this.statement(truncateText(change.routes.map((route) => this.table(route.target)))),
        values: [],
      };
    }
    const table = this.table(change.route.target);
    const { route } = change;
    if (change.kind === 'insert') return this.insert(table, this.adapted(table, route, change.row));
    const old = change.key && this.adapted(table, route, change.key);
    const row = change.kind === 'update' ? this.adapted(table, route, change.row) : undefined;
    const key = chooseKey(table, route.keyColumns, old, row);
    if (!key) throw unidentified(change.kind, table);
    return row ? this.update(table, row, old, key) : this.remove(table, old as Tuple, key);
  }

  statement(text: string): Statement {
    let statement = this.byText.get(text);
    if (!statement) this.byText.set(text, (statement = { name: `s${this.byText.size}`, text }));
    return statement;
  }

  /** The target's catalogue changed: plans are made anew. */
  forget(): void {
    this.inserts = new WeakMap();
    this.adaptations = new WeakMap();
  }

  private table(name: { schema: string; table: string }): TargetTable {
    return this.tables.get(name) as TargetTable;
  }

  /** The values as the target's columns take them. */
  private adapted(table: TargetTable, route: Route, tuple: Tuple): Tuple {
    let known = this.adaptations.get(tuple.names);
    if (!known) {
      const all = tuple.names.map((name) => adaptationOf(table, route, name));
      known = all.some((adaptation) => adaptation !== undefined) ? all : 'none';
      this.adaptations.set(tuple.names, known);
    }
    if (known === 'none') return tuple;
    const adaptations = known;
    return { names: tuple.names, values: tuple.values.map((value, index) => adapt(value, adaptations[index])) };
  }

  private remove(table: TargetTable, row: Tuple, key: RowKey): Step {
    return { statement: this.statement(deleteText(table, key)), values: valuesOf(row, key.names) };
  }

  private insert(table: TargetTable, row: Tuple): Step {
    let plan = this.inserts.get(row.names);
    if (!plan) {
      const indexes = writable(table, row.names);
      const names = indexes.map((index) => row.names[index] as string);
      plan = { statement: this.statement(insertText(table, names)), indexes };
      this.inserts.set(row.names, plan);
    }
    return { statement: plan.statement, values: plan.indexes.map((index) => row.values[index] ?? null) };
  }

  private update(table: TargetTable, row: Tuple, old: Tuple | undefined, key: RowKey): Step {
    const keyValues = valuesOf(old ?? row, key.names);
    const set: string[] = [];
    const values: (string | null)[] = [];
    const kept: string[] = [];
    let replaces = false;
    for (const index of writable(table, row.names)) {
      const name = row.names[index] as string;
      const value: Value = row.values[index];
      const inKey = key.names.indexOf(name);
      if (inKey >= 0 && !key.whole && keyValues[inKey] === value) continue;
      if (value === undefined) kept.push(name);
      else {
        set.push(name);
        values.push(value);
        replaces ||= table.columns.get(name)?.identityAlways ?? false;
      }
    }
    if (replaces) return this.replace(table, row, key, keyValues);
    return { statement: this.statement(updateText(table, set, key)), values: [...values, ...keyValues] };
  }

  private replace(table: TargetTable, row: Tuple, key: RowKey, keyValues: (string | null)[]): Step {
    const all = writable(table, row.names);
    const known = all.filter((index) => row.values[index] !== undefined);
    const names = (indexes: number[]): string[] => indexes.map((index) => row.names[index] as string);
    const kept = names(all.filter((index) => row.values[index] === undefined));
    const values = known.map((index) => row.values[index] ?? null);
    return {
      statement: this.statement(replaceText(table, names(known), kept, key)),
      values: [...values, ...keyValues],
    };
  }
}

/** Indexes of the columns that the target does not compute itself. */
const writable = (table: TargetTable, names: readonly string[]): number[] =>
  names.flatMap((name, index) => (table.columns.get(name)?.generated ? [] : [index]));

const valuesOf = (tuple: Tuple, names: readonly string[]): (string | null)[] =>
  names.map((name) => tuple.values[tuple.names.indexOf(name)] ?? null);

const unidentified = (kind: string, { name }: TargetTable): UnidentifiedRowError =>
  new UnidentifiedRowError(
    `${kind} on ${name.schema}.${name.table} does not tell its row: the source table has no primary key or replica identity`,
  );
