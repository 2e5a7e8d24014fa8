import type { Manifest } from '../../definition/manifest/sections';
import { named } from './named';
import { pairColumns, type PairedColumns } from './pair-columns';
import type { CatalogueTable, TableShape } from './dialects/dialect';
import { nameOnSource, renamingOf, type Renaming } from '../../definition/replication/renaming';
import { matches, waivedFor } from '../../definition/replication/selected-tables';

/** A table of the primary with its counterpart, or why the two cannot be compared. */
export interface PairedTable {
  /** schema.table as the primary has it. */
  readonly table: string;
  readonly primary?: TableShape;
  readonly other?: TableShape;
  /** Where it stands: the table exists on one side only, so that every row of it differs. */
  readonly onlyOn?: 'primary' | 'other';
  readonly unverified?: string;
  readonly waived?: boolean;
}

/** Matches the tables of both sides by name, through the definition's renames. */
export function pairTables(
  primary: readonly CatalogueTable[],
  other: readonly CatalogueTable[],
  tables: Manifest['tables'],
  primaryIsSource: boolean,
): PairedTable[] {
  const all = tables.transformations ?? [];
  const rename = renamingOf(all, primaryIsSource);
  const counterparts = new Map(other.map((table) => [named(table), table]));
  const pairs: PairedTable[] = [];
  for (const table of primary) {
    const counterpart = counterparts.get(rename.table(named(table)));
    counterparts.delete(rename.table(named(table)));
    pairs.push(counterpart ? pairOne(table, counterpart, rename) : alone(table, 'primary'));
  }
  for (const table of counterparts.values()) pairs.push(alone(table, 'other'));
  for (const pattern of tables.include) {
    const found = pairs.some((pair) =>
      matches(pattern, nameOnSource(all, pair.table, primaryIsSource === (pair.onlyOn !== 'other'))),
    );
    if (!found) {
      pairs.push({ table: pattern, unverified: 'no table of either side matches this pattern of the definition' });
    }
  }
  const waived = waivedFor(tables, 'unverified');
  return pairs.map((pair) => (pair.unverified !== undefined && waived(pair.table) ? { ...pair, waived: true } : pair));
}

/** Enough of a shape to count the rows of a table that stands on one side only. */
const alone = (table: CatalogueTable, side: 'primary' | 'other'): PairedTable => {
  const { schema, name, partitioned } = table;
  const shape: TableShape = { schema, name, partitioned, key: [], columns: [], bytewise: false, encoding: 'neutral' };
  const pair = { table: named(table), onlyOn: side, [side]: shape };
  return table.unreadable ? { ...pair, unverified: table.unreadable } : pair;
};

function pairOne(primary: CatalogueTable, other: CatalogueTable, rename: Renaming): PairedTable {
  const table = named(primary);
  const unreadable = primary.unreadable ?? other.unreadable;
  if (unreadable) return { table, unverified: unreadable };
  if (primary.key.length === 0)
    return { table, unverified: 'it has neither a primary key nor a unique key without nulls' };
  const columns = pairColumns(primary, other, rename);
  if ('unverified' in columns) return { table, unverified: columns.unverified };
  return { table, primary: shapeOf(primary, columns, 'primary'), other: shapeOf(other, columns, 'other') };
}

function shapeOf(of: CatalogueTable, columns: PairedColumns, side: 'primary' | 'other'): TableShape {
  const { schema, name, partitioned } = of;
  const table = { schema, name, partitioned, bytewise: columns.bytewise };
  const sided = <Of>(pairs: readonly { readonly primary: Of; readonly other: Of }[]) => pairs.map((pair) => pair[side]);
  if (columns.encoding === 'native') {
    return { ...table, encoding: 'native', key: sided(columns.key), columns: sided(columns.rest) };
  }
  return { ...table, encoding: 'neutral', key: sided(columns.key), columns: sided(columns.rest) };
}
