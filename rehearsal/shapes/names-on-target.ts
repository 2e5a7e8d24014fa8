import { renamingOf } from '../../definition/replication/renaming';
import type { Transformation } from '../../definition/schema/migration';
import { administer } from '../engines/any-engine';
import type { Engines, Side } from './shape';

/** Columns by table, of each schema. */
export type Catalogue = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/** What the target calls the source's database and what stands in it, as far as that can be told from the names alone. */
export interface NamesOnTarget {
  readonly schema: string;
  /** Tables and columns whose name there differs in capitals, underscores and the like alone. */
  readonly renames: readonly Transformation[];
}

/**
 * People dump a PostgreSQL database whose tables stand in `public`, or in a schema named as the source's database was; and
 * tools that make its schema write names in small letters.
 */
export async function namesOnTarget(
  engines: Engines,
  databases: Readonly<Record<Side, string>>,
  given: readonly Transformation[],
): Promise<NamesOnTarget> {
  const [source, target] = await Promise.all(
    (['source', 'target'] as const).map((side) => readNames(engines, side, databases[side])),
  );
  return compareNames(databases.source, source ?? new Map(), target ?? new Map(), given);
}

export function compareNames(
  database: string,
  source: Catalogue,
  target: Catalogue,
  given: readonly Transformation[],
): NamesOnTarget {
  const own = source.get(database) ?? new Map<string, readonly string[]>();
  const schema = schemaOf(database, [...own.keys()], target, given);
  const there = target.get(schema) ?? new Map<string, readonly string[]>();
  const renames: Transformation[] = [];
  const tables = counterparts([...own.keys()], [...there.keys()], givenNames(given, database));
  for (const [table, to] of tables) {
    const name = `${database}.${table}`;
    const said = new Set(given.flatMap((each) => ('column' in each && each.table === name ? [each.column] : [])));
    const isNew = to !== table && !given.some((each) => each.kind === 'rename-table' && each.table === name);
    if (isNew) renames.push({ kind: 'rename-table', table: name, to });
    const taken = given.flatMap((each) => ('to' in each && 'table' in each && each.table === name ? [each.to] : []));
    const columns = (own.get(table) ?? []).filter((column) => !said.has(column));
    const others = (there.get(to) ?? []).filter((column) => !taken.includes(column));
    for (const [column, other] of counterparts(columns, others, new Map()))
      if (other !== column) renames.push({ kind: 'rename-column', table: name, column, to: other });
  }
  return { schema, renames };
}

/** The target's schema that holds most of the source's tables by name. */
function schemaOf(
  database: string,
  tables: readonly string[],
  target: Catalogue,
  given: readonly Transformation[],
): string {
  const renamed = given.find((each) => each.kind === 'rename-schema' && each.schema === database);
  if (renamed?.kind === 'rename-schema') return renamed.to;
  const counts = [...target].map(([schema, there]) => {
    const found = counterparts(tables, [...there.keys()], givenNames(given, database));
    return [schema, found.size] as const;
  });
  const [most] = counts.filter(([, count]) => count > 0).sort(([, one], [, other]) => other - one);
  return most?.[0] ?? database;
}

const givenNames = (given: readonly Transformation[], database: string): ReadonlyMap<string, string> => {
  const renaming = renamingOf(given, true);
  return new Map(
    given.flatMap((each) =>
      each.kind === 'rename-table' && each.table.startsWith(`${database}.`)
        ? [[each.table.slice(database.length + 1), renaming.table(each.table).replace(/^[^.]*\./, '')]]
        : [],
    ),
  );
};

/** The name on the other side of each: the one that is said, else the same, else the only one that reads alike. */
function counterparts(
  names: readonly string[],
  others: readonly string[],
  said: ReadonlyMap<string, string>,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const sure = said.get(name) ?? name;
    if (others.includes(sure)) found.set(name, sure);
  }
  const left = others.filter((other) => ![...found.values()].includes(other));
  const alike = (list: readonly string[], name: string) => list.filter((each) => plain(each) === plain(name));
  for (const name of names) {
    if (said.has(name) || found.has(name)) continue;
    const [other, ...more] = alike(left, name);
    const rivals = alike(names, name).filter((each) => !found.has(each));
    if (other !== undefined && more.length === 0 && rivals.length === 1) found.set(name, other);
  }
  return new Map(names.flatMap((name) => [...found].filter(([each]) => each === name)));
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

async function readNames(engines: Engines, side: Side, database: string): Promise<Catalogue> {
  const sql = `SELECT c.TABLE_SCHEMA AS "schema", c.TABLE_NAME AS "table", c.COLUMN_NAME AS "column"
    FROM information_schema.COLUMNS c JOIN information_schema.TABLES t
      ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME
    WHERE t.TABLE_TYPE = 'BASE TABLE' AND c.TABLE_SCHEMA NOT IN ('information_schema', 'pg_catalog')
    ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION`;
  const administrator = await administer(engines[side], database);
  // Where ANSI quotes are off, a name stands between others.
  const text = engines[side].family === 'mysql' ? sql.replaceAll('"', '`') : sql;
  const rows = await administrator.query(text).finally(() => administrator.close());
  const catalogue = new Map<string, Map<string, string[]>>();
  for (const { schema, table, column } of rows as { schema: string; table: string; column: string }[]) {
    const tables = catalogue.get(schema) ?? new Map<string, string[]>();
    catalogue.set(schema, tables.set(table, [...(tables.get(table) ?? []), column]));
  }
  return catalogue;
}
