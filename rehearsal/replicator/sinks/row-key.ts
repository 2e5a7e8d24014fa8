import type { Tuple } from '../row-change';

/** How the row of an update or delete is found again on the target. */
export interface RowKey {
  /** Columns to compare; `undefined` in `whole` means one of them. */
  names: readonly string[];
  /** No key: the whole old row is compared (REPLICA IDENTITY FULL), and one row of equal ones is taken. */
  whole: boolean;
}

interface KeyedTable {
  columns: Map<string, { generated: boolean }>;
  primaryKey: readonly string[];
}

/**
 * The key to use: the source's replica identity, else the target's primary key, else the whole old row when the log
 * gave one. Undefined when the log does not tell which row changed.
 */
export function chooseKey(
  table: KeyedTable,
  keyColumns: readonly string[],
  old: Tuple | undefined,
  row: Tuple | undefined,
): RowKey | undefined {
  const tuple = old ?? row;
  if (!tuple) return undefined;
  for (const candidate of [keyColumns, table.primaryKey]) {
    if (candidate.length > 0 && candidate.every((name) => tuple.names.includes(name))) {
      return { names: candidate, whole: false };
    }
  }
  return old && { names: old.names.filter((name) => !table.columns.get(name)?.generated), whole: true };
}
