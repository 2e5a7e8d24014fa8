import type { Side } from '../../workload/configuration';
import type { NeutralColumn, NeutralTable } from '../model/neutral-table';

/** How one engine writes what the statements of the application are made of. */
export interface Dialect {
  quoted(name: string): string;
  /** The n-th value of a statement, from 1, as the engine's own type. */
  value(column: NeutralColumn, side: Side, place: number): string;
  /** A neutral value as that place takes it. */
  given(column: NeutralColumn, side: Side, neutral: string | null): string | null;
  /** A column as text that `canonical` understands. */
  read(column: NeutralColumn, side: Side): string;
}

export interface Statement {
  sql: string;
  values: (string | null)[];
}

/** Statements on tables of one side, in the words of its engine. */
export class StatementMaker {
  private readonly dialect: Dialect;
  private readonly side: Side;

  constructor(dialect: Dialect, side: Side) {
    this.dialect = dialect;
    this.side = side;
  }

  table({ on }: NeutralTable): string {
    const { schema, table } = on[this.side];
    return `${this.dialect.quoted(schema)}.${this.dialect.quoted(table)}`;
  }

  column(column: NeutralColumn): string {
    return this.dialect.quoted(column.on[this.side].name);
  }

  /** All columns as text, in the model's order. */
  row({ columns }: NeutralTable): string {
    return columns.map((column) => this.dialect.read(column, this.side)).join(', ');
  }

  insert(table: NeutralTable, values: Record<string, string | null>): Statement {
    const columns = table.columns.filter((column) => column.name in values);
    const places = columns.map((column, at) => this.dialect.value(column, this.side, at + 1));
    return {
      sql: `INSERT INTO ${this.table(table)} (${columns.map((each) => this.column(each)).join(', ')}) VALUES (${places.join(', ')})`,
      values: columns.map((column) => this.given(column, values[column.name] ?? null)),
    };
  }

  update(table: NeutralTable, key: string[], values: Record<string, string | null>): Statement {
    const columns = table.columns.filter((column) => column.name in values);
    const sets = columns.map(
      (column, at) => `${this.column(column)} = ${this.dialect.value(column, this.side, at + 1)}`,
    );
    return {
      sql: `UPDATE ${this.table(table)} SET ${sets.join(', ')} WHERE ${this.byKey(table, columns.length)}`,
      values: [
        ...columns.map((column) => this.given(column, values[column.name] ?? null)),
        ...this.keyValues(table, key),
      ],
    };
  }

  delete(table: NeutralTable, key: string[]): Statement {
    return {
      sql: `DELETE FROM ${this.table(table)} WHERE ${this.byKey(table, 0)}`,
      values: this.keyValues(table, key),
    };
  }

  select(table: NeutralTable, keys: string[][]): Statement {
    const one = keyColumns(table);
    const where = keys.map((_, at) => `(${this.byKey(table, at * one.length)})`).join(' OR ');
    return {
      sql: `SELECT ${this.row(table)} FROM ${this.table(table)} WHERE ${where}`,
      values: keys.flatMap((key) => this.keyValues(table, key)),
    };
  }

  newest(table: NeutralTable, count: number): Statement {
    const order = keyColumns(table).map((column) => `${this.column(column)} DESC`);
    return {
      sql: `SELECT ${this.row(table)} FROM ${this.table(table)} ORDER BY ${order.join(', ')} LIMIT ${count}`,
      values: [],
    };
  }

  /** Whatever rows come first. */
  some(table: NeutralTable, count: number): Statement {
    return { sql: `SELECT ${this.row(table)} FROM ${this.table(table)} LIMIT ${count}`, values: [] };
  }

  highest(table: NeutralTable, name: string): Statement {
    const column = table.columns.find((each) => each.name === name);
    if (column === undefined) throw new Error(`${table.id} has no column ${name} on both sides.`);
    return {
      sql: `SELECT CAST(max(${this.column(column)}) AS char(40)) FROM ${this.table(table)}`,
      values: [],
    };
  }

  given(column: NeutralColumn, neutral: string | null): string | null {
    return neutral === null ? null : this.dialect.given(column, this.side, neutral);
  }

  private byKey(table: NeutralTable, before: number): string {
    return keyColumns(table)
      .map((column, at) => `${this.column(column)} = ${this.dialect.value(column, this.side, before + at + 1)}`)
      .join(' AND ');
  }

  private keyValues(table: NeutralTable, key: string[]): (string | null)[] {
    return keyColumns(table).map((column, at) => this.given(column, key[at] ?? null));
  }
}

export function keyColumns({ id, key, columns }: NeutralTable): NeutralColumn[] {
  return key.map((name) => {
    const found = columns.find((column) => column.name === name);
    if (found === undefined) throw new Error(`The key column ${name} of ${id} does not stand on both sides.`);
    return found;
  });
}
