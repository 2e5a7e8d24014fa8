import type { RoutedChange } from '../../routed-change';
import type { Tuple, Value } from '../../row-change';
import type { Statement, Step } from './pipeline';
import { chooseKey, type RowKey } from './row-key';
import { deleteText, insertText, replaceText, truncateText, updateText } from './statements';
import type { TargetTable, TargetTables } from './target-table';

/** A change whose row the log does not identify (no replica identity). */
export class UnidentifiedRowError extends Error {}

/** Turns changes into prepared steps. One statement per table and set of columns, named once per session. */
export class Planner {
  private readonly tables: TargetTables;
  private readonly byText = new Map<string, Statement>();
  private inserts = new WeakMap<readonly string[], { statement: Statement; indexes: number[] }>();

  constructor(tables: TargetTables) {
    this.tables = tables;
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
    if (change.kind === 'insert') return this.insert(table, change.row);
    const key = chooseKey(
      table,
      change.route.keyColumns,
      change.key,
      change.kind === 'update' ? change.row : undefined,
    );
    if (!key) {
      throw new UnidentifiedRowError(
        `${change.kind} on ${table.name.schema}.${table.name.table} does not tell its row: the source table has no primary key or replica identity`,
      );
    }
    if (change.kind === 'update') return this.update(table, change.row, change.key, key);
    return { statement: this.statement(deleteText(table, key)), values: valuesOf(change.key as Tuple, key.names) };
  }

  statement(text: string): Statement {
    let statement = this.byText.get(text);
    if (!statement) this.byText.set(text, (statement = { name: `s${this.byText.size}`, text }));
    return statement;
  }

  /** The target's catalogue changed: plans are made anew. */
  forget(): void {
    this.inserts = new WeakMap();
  }

  private table(name: { schema: string; table: string }): TargetTable {
    return this.tables.get(name) as TargetTable;
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
