import type { Column, ForeignKey, Table } from './catalogue';
import type { Renewal } from './uniqueness';

/** Values of one row as text, by column. */
export type Row = Record<string, string | null>;

/** A table with all that the workload knows about writing to it. What trials find out is filled in at the start. */
export interface TableModel {
  readonly table: Table;
  /** Short and unique: names prepared statements. */
  readonly number: number;
  /** Columns that an insert supplies; the engine makes the others. */
  readonly supplied: Column[];
  /** Columns that an insert gives back: the key, what other tables refer to, what the engine made. */
  readonly returned: string[];
  /** Supplied columns that must differ from every other row's, foreign keys apart. */
  readonly unique: Set<string>;
  readonly referring: Set<string>;
  /** Set where a unique key consists of foreign keys alone: a new row needs a new parent. */
  readonly newParent: ForeignKey | undefined;
  /** Columns that an update may change by copying another row's: they are in no key. */
  readonly changeable: Column[];
  templates: Row[];
  renewals: Map<string, Renewal>;
  /** Whether columns without rules may take any value of their type. */
  varies: boolean;
  insertable: boolean;
  /** Its keys would be used up: rows are made here only where others have none to refer to. */
  sparing?: boolean;
  /** Only the queue's consumer changes this table's rows once they are inserted. */
  consumed: boolean;
  updatable: boolean;
}

export function buildModels(tables: Table[]): TableModel[] {
  return tables.filter((table) => table.key.length > 0 && table.writable).map((table, at) => model(table, at, tables));
}

function model(table: Table, number: number, tables: Table[]): TableModel {
  const supplied = table.columns.filter((column) => !column.computed && column.keyMaker === null);
  const names = new Set(supplied.map((column) => column.name));
  const referring = new Set(table.foreignKeys.flatMap((key) => key.columns));
  const inUnique = new Set([...table.uniques.flat(), ...table.key]);
  const keyMade = table.columns.filter((column) => column.keyMaker !== null).map((column) => column.name);
  const referredTo = tables
    .flatMap((other) => other.foreignKeys)
    .filter((key) => key.table === table.id)
    .flatMap((key) => key.referenced);
  const bound = table.uniques.find((columns) => columns.every((name) => referring.has(name)));
  return {
    table,
    number,
    supplied,
    returned: [...new Set([...table.key, ...referredTo, ...keyMade])],
    unique: new Set([...inUnique].filter((name) => names.has(name) && !referring.has(name))),
    referring,
    newParent:
      bound &&
      table.foreignKeys.find((key) => key.table !== table.id && key.columns.some((name) => bound.includes(name))),
    changeable: supplied.filter((column) => !inUnique.has(column.name) && !referring.has(column.name)),
    templates: [],
    renewals: new Map(),
    varies: true,
    insertable: false,
    consumed: false,
    updatable: false,
  };
}

/** Parents before children, so that a child's trial finds its parents' answers. Circles keep the catalogue's order. */
export function parentsFirst(models: TableModel[]): TableModel[] {
  const byId = new Map(models.map((each) => [each.table.id, each]));
  const ordered = new Set<TableModel>();
  const visit = (each: TableModel, path: Set<TableModel>) => {
    if (ordered.has(each) || path.has(each)) return;
    for (const key of each.table.foreignKeys) {
      const parent = byId.get(key.table);
      if (parent) visit(parent, new Set([...path, each]));
    }
    ordered.add(each);
  };
  models.forEach((each) => visit(each, new Set()));
  return [...ordered];
}

/** Text values of a whole row compared to nothing: which columns of `key` stand in other foreign keys too. */
export function sharesColumns(table: Table, key: ForeignKey): boolean {
  return table.foreignKeys.some((other) => other !== key && other.columns.some((name) => key.columns.includes(name)));
}
