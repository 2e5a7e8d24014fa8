import type { PairedTable } from './pair-tables';
import type { TableResult } from './result';

/** The result of a table about which nothing was proven. */
export function unverified(pair: PairedTable): TableResult {
  const reason = pair.unverified ?? 'it was not compared';
  return {
    table: pair.table,
    rows: 0,
    status: 'unverified',
    reason,
    waived: pair.waived,
    divergentRows: 0,
    divergentKeys: [],
  };
}
