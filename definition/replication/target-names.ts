import type { Migration, Transformation } from '../schema/migration';

export interface SelectedTables {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

type Named = Pick<Migration, 'transformations'>;
const ofKind = <Kind extends Transformation['kind']>(transformations: Transformation[], kind: Kind) =>
  transformations.filter((one): one is Extract<Transformation, { kind: Kind }> => one.kind === kind);

const split = (name: string): [string, string] => {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
};

/** Name on the target of a table, or of a pattern, of the source. */
export function targetTable({ transformations }: Named, name: string): string {
  const [schema, table] = split(name);
  const renamed = ofKind(transformations, 'rename-table').find((one) => one.table === name)?.to ?? table;
  const moved = ofKind(transformations, 'rename-schema').find((one) => one.schema === schema)?.to ?? schema;
  return `${moved}.${renamed}`;
}

/** Name on the target of a column of the source. */
export const targetColumn = ({ transformations }: Named, table: string, column: string): string =>
  transformations.find(
    (one): one is Extract<Transformation, { kind: 'rename-column' }> =>
      one.kind === 'rename-column' && one.table === table && one.column === column,
  )?.to ?? column;

const covers = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*')}$`).test(name);

/** The selection as the reverse task must write it: names of the target. */
export function reversedSelection(migration: Pick<Migration, 'transformations' | 'tables'>): SelectedTables {
  const renamed = ofKind(migration.transformations, 'rename-table');
  const reversed = (patterns: readonly string[]): string[] => [
    ...new Set([
      ...patterns.map((pattern) => targetTable(migration, pattern)),
      // A pattern may select a table under its old name only: `app.old_%` does not reach its new name.
      ...renamed
        .filter((one) => patterns.some((pattern) => pattern !== one.table && covers(pattern, one.table)))
        .map((one) => targetTable(migration, one.table)),
    ]),
  ];
  return { include: reversed(migration.tables.include), exclude: reversed(migration.tables.exclude) };
}
