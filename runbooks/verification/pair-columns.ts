import type { CatalogueColumn, CatalogueTable, ComparedColumn } from './dialects/dialect';
import { named } from './named';
import type { Renaming } from '../../definition/replication/renaming';
import { pairTypes } from './type-table';

interface PairedColumn {
  readonly primary: ComparedColumn;
  readonly other: ComparedColumn;
}

export interface PairedColumns {
  readonly key: readonly PairedColumn[];
  readonly rest: readonly PairedColumn[];
  readonly bytewise: boolean;
}

/**
 * Matches the columns of two tables by name. Every column counts; one that stands on one side only is a reason not to
 * verify, unless the definition drops it or the engine computes it where it stands.
 */
export function pairColumns(
  primary: CatalogueTable,
  other: CatalogueTable,
  rename: Renaming,
): PairedColumns | { unverified: string } {
  const counterparts = new Map(other.columns.map((column) => [column.name, column]));
  const pairs = new Map<string, PairedColumn>();
  const reasons: string[] = [];
  let bytewise = false;
  const table = named(primary);
  for (const column of primary.columns) {
    const name = rename.column(table, column.name);
    const counterpart = counterparts.get(name);
    counterparts.delete(name);
    if (rename.isDropped(table, column.name)) continue;
    if (rename.isConverted(table, column.name)) {
      reasons.push(`column ${column.name} changes its values on the way, which cannot be compared yet`);
    } else if (counterpart) {
      const pair = pairColumn(column, counterpart);
      if (typeof pair === 'string') reasons.push(pair);
      else pairs.set(column.name, pair);
      if (primary.key.includes(column.name)) bytewise ||= column.collation !== counterpart.collation;
    } else if (!column.generated) {
      reasons.push(`column ${column.name} is missing on the other side`);
    }
  }
  for (const column of counterparts.values()) {
    if (!column.generated && !rename.isDropped(named(other), column.name)) {
      reasons.push(`column ${column.name} is missing on the primary`);
    }
  }
  if (reasons.length > 0) return { unverified: reasons.join('; ') };
  const key = primary.key.map((name) => pairs.get(name));
  if (key.some((pair) => pair === undefined)) return { unverified: 'a column of its key does not move' };
  const rest = [...pairs].filter(([name]) => !primary.key.includes(name)).map(([, pair]) => pair);
  return { key: key.filter((pair) => pair !== undefined), rest, bytewise };
}

function pairColumn(primary: CatalogueColumn, other: CatalogueColumn): PairedColumn | string {
  const pairing = pairTypes(primary.type, other.type);
  if (!pairing) {
    return `column ${primary.name}: ${primary.type.title} on the primary and ${other.type.title} on the other side are no pair of the type table`;
  }
  return {
    primary: { name: primary.name, type: primary.type, ...pairing },
    other: { name: other.name, type: other.type, ...pairing },
  };
}
