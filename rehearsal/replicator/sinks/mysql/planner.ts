import { quoteIdentifier, quoteLiteral, quoteTable } from '../../mysql/quoting';
import type { RoutedChange } from '../../routed-change';
import { nameOf, type TableName, type Tuple, type Value } from '../../row-change';
import type { Route } from '../../table-mappings/route';
import { UnidentifiedRowError } from '../unidentified-row';
import { type Literal, literalOf } from './literals/literal';
import { chooseKey, type RowKey } from '../row-key';
import { whereKey } from './where-key';
import type { TargetTable, TargetTables } from './target-table';

type RowOperation = Exclude<RoutedChange, { kind: 'truncate' }>;

/** How the columns of one shape of rows are written. */
interface Shape {
  /** Places of the columns that the target does not compute itself. */
  writable: number[];
  literals: Literal[];
  insert: string;
}

/**
 * Turns changes into statements with their values written out: many of them go to the server in one packet, and none
 * passes through a driver's own idea of a type.
 */
export class Planner {
  private readonly tables: TargetTables;
  private shapes = new WeakMap<readonly string[], Shape>();

  constructor(tables: TargetTables) {
    this.tables = tables;
  }

  /**
   * One statement, or several for a change that overlaps the load. Throws UnidentifiedRowError when a change does not tell
   * its row, RefusedValueError when a column cannot hold a value.
   */
  steps(change: RoutedChange): string[] {
    // TRUNCATE would commit what is under way.
    if (change.kind === 'truncate') return change.routes.map((route) => `DELETE FROM ${quoteTable(route.target)}`);
    const { route } = change;
    const table = this.table(route.target);
    if (change.kind === 'insert' && !change.overlaps) return [this.insert(table, route, change.row)];
    const row = change.kind === 'delete' ? undefined : change.row;
    const old = change.kind === 'insert' ? undefined : change.key;
    const overlaps = change.overlaps && row !== undefined;
    const key = chooseKey(table, route.keyColumns, overlaps ? undefined : old, row);
    if (!key) throw unidentified(change, table);
    if (overlaps) return this.overwrite(table, route, row, old, key);
    return [row ? this.update(table, route, row, old, key) : this.remove(table, route, old as Tuple, key)];
  }

  /** The change for people to read: values as they came, since the target may not take them. */
  describe(change: RowOperation): string {
    const tuple = change.kind === 'delete' ? change.key : change.row;
    const table = quoteTable(change.route.target);
    if (!tuple) return `${change.kind} on ${table}`;
    const literals = tuple.values.map((value) => (typeof value === 'string' ? quoteLiteral(value) : 'NULL'));
    if (change.kind === 'insert') return `INSERT INTO ${table} (${list(tuple.names)}) VALUES (${literals.join(', ')})`;
    const pairs = tuple.names.map((name, index) => `${quoteIdentifier(name)} = ${literals[index]}`);
    const where = (change.key ?? tuple).names.map((name) => quoteIdentifier(name)).join(', ');
    return change.kind === 'delete'
      ? `DELETE FROM ${table} WHERE ${pairs.join(' AND ')}`
      : `UPDATE ${table} SET ${pairs.join(', ')} WHERE key of ${where}`;
  }

  /** `(value, …)` of a row as `names` have it, for a load. */
  values(table: TargetTable, route: Route, names: readonly string[], values: readonly Value[]): string {
    const { writable, literals } = this.shape(table, route, names);
    return `(${writable.map((index) => (literals[index] as Literal)(values[index])).join(', ')})`;
  }

  insertInto(table: TargetTable, route: Route, names: readonly string[]): string {
    return this.shape(table, route, names).insert;
  }

  /** The target's catalogue changed: plans are made anew. */
  forget(): void {
    this.shapes = new WeakMap();
  }

  private table(name: TableName): TargetTable {
    return this.tables.get(name) as TargetTable;
  }

  private shape(table: TargetTable, route: Route, names: readonly string[]): Shape {
    const known = this.shapes.get(names);
    if (known) return known;
    const columns = names.map((name) => table.columns.get(name));
    const writable = names.flatMap((_, index) => (columns[index]?.generated ? [] : [index]));
    const made = {
      writable,
      literals: columns.map((column, index) => (column ? literalOf(column, route) : unknown(names[index] as string))),
      insert: `INSERT INTO ${quoteTable(table.name)} (${list(writable.map((index) => names[index] as string))}) VALUES `,
    };
    this.shapes.set(names, made);
    return made;
  }

  private insert(table: TargetTable, route: Route, row: Tuple): string {
    return this.insertInto(table, route, row.names) + this.values(table, route, row.names, row.values);
  }

  private remove(table: TargetTable, route: Route, row: Tuple, key: RowKey): string {
    return `DELETE FROM ${quoteTable(table.name)} WHERE ${this.where(table, route, row, key)}`;
  }

  private where(table: TargetTable, route: Route, row: Tuple, key: RowKey): string {
    const { literals } = this.shape(table, route, row.names);
    const values = key.names.map((name) => {
      const index = row.names.indexOf(name);
      return (literals[index] as Literal)(row.values[index]);
    });
    return whereKey(table, key, values);
  }

  private update(table: TargetTable, route: Route, row: Tuple, old: Tuple | undefined, key: RowKey): string {
    const { writable, literals } = this.shape(table, route, row.names);
    const assignments: string[] = [];
    for (const index of writable) {
      const value = row.values[index];
      const name = row.names[index] as string;
      // The log left out a large value that did not change.
      if (value === undefined || (!old && key.names.includes(name))) continue;
      assignments.push(`${quoteIdentifier(name)} = ${(literals[index] as Literal)(value)}`);
    }
    const set = assignments.length > 0 ? assignments.join(', ') : touch(table);
    return `UPDATE ${quoteTable(table.name)} SET ${set} WHERE ${this.where(table, route, old ?? row, key)}`;
  }

  /** Whatever has one of the row's unique values got it later, by a change that is still to come. */
  private overwrite(table: TargetTable, route: Route, row: Tuple, old: Tuple | undefined, key: RowKey): string[] {
    const has = (name: string): boolean => typeof row.values[row.names.indexOf(name)] === 'string';
    const inTheWay = table.uniqueKeys.filter((names) => names.every(has));
    return [
      ...(old ? [this.remove(table, route, old, key)] : []),
      this.remove(table, route, row, key),
      ...inTheWay.map((names) => this.remove(table, route, row, { names, whole: false })),
      this.insert(table, route, row),
    ];
  }
}

const list = (names: readonly string[]): string => names.map(quoteIdentifier).join(', ');

/** The server itself says that there is no such column, which has the catalogue read again. */
const unknown =
  (name: string): Literal =>
  () =>
    quoteIdentifier(name);

/** An update that changes nothing still has to find its row. */
function touch(table: TargetTable): string {
  const [name] = [...table.columns].find(([, column]) => !column.generated) ?? [''];
  return `${quoteIdentifier(name)} = ${quoteIdentifier(name)}`;
}

const unidentified = (change: RowOperation, table: TargetTable): UnidentifiedRowError =>
  new UnidentifiedRowError(
    `${change.kind} on ${nameOf(table.name)} does not tell its row: the source table has no primary key or replica identity`,
  );
