import type { Manifest } from '../manifest/sections';
import { conversionsOf, type Conversion } from './conversions';

type Transformation = NonNullable<Manifest['tables']['transformations']>[number];

/** What the primary's names are called on the other side. */
export interface Renaming {
  /** Name on the other side of a table (schema.table) of the primary. */
  table(name: string): string;
  /** Name on the source of a table of the primary. */
  back(name: string): string;
  column(table: string, column: string): string;
  /** Does the definition keep this column to one side: of the primary, or of the other side under its table's name there? */
  isDropped(table: string, column: string): boolean;
  /** Of a table of the primary: the columns, by their names on the target, beside which that keeps converted ones. */
  conversions(table: string): Conversion[];
  readonly primaryIsSource: boolean;
}

const split = (name: string): [string, string] => {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
};

const schemaRename = (all: readonly Transformation[], schema: string, forward: boolean): string => {
  for (const one of all) {
    if (one.kind !== 'rename-schema') continue;
    if (forward && one.schema === schema) return one.to;
    if (!forward && one.to === schema) return one.schema;
  }
  return schema;
};

function tableOnTarget(all: readonly Transformation[], name: string): string {
  const [schema, table] = split(name);
  const renamed = all.filter((one) => one.kind === 'rename-table').find((one) => one.table === name);
  return `${schemaRename(all, schema, true)}.${renamed?.to ?? table}`;
}

function tableOnSource(all: readonly Transformation[], name: string): string {
  for (const one of all) {
    if (one.kind === 'rename-table' && tableOnTarget(all, one.table) === name) return one.table;
  }
  const [schema, table] = split(name);
  return `${schemaRename(all, schema, false)}.${table}`;
}

/** What the source calls a table of one side; the definition's patterns are names of the source. */
export const nameOnSource = (all: readonly Transformation[], name: string, isSource: boolean): string =>
  isSource ? name : tableOnSource(all, name);

/** Reads the definition's transformations in the direction primary → other. */
export function renamingOf(all: readonly Transformation[], primaryIsSource: boolean): Renaming {
  const back = (name: string) => nameOnSource(all, name, primaryIsSource);
  const columns = all.filter((one) => one.kind === 'rename-column');
  const columnOnTarget = (table: string, column: string) =>
    columns.find((one) => one.table === table && one.column === column)?.to ?? column;
  const sourceNames = (table: string) => [table, tableOnSource(all, table)];
  return {
    table: (name) => (primaryIsSource ? tableOnTarget(all, name) : tableOnSource(all, name)),
    back,
    column(table, column) {
      if (primaryIsSource) return columnOnTarget(table, column);
      return columns.find((one) => one.table === back(table) && one.to === column)?.column ?? column;
    },
    isDropped: (table, column) =>
      all.some(
        (one) =>
          (one.kind === 'drop-column' || one.kind === 'add-column') &&
          one.column === column &&
          sourceNames(table).includes(one.table),
      ),
    conversions: (table) =>
      conversionsOf(all)
        .filter((one) => one.table === back(table))
        .map((one) => ({ ...one, column: columnOnTarget(one.table, one.column) })),
    primaryIsSource,
  };
}
