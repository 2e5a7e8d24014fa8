import { fedColumns } from './fed-columns';
import type { PostgresSide } from './postgres-side';

/** Replication moves rows, not sequences: what the rows hold is all that one side alone knows of the keys given out. */
export async function highestStored(side: PostgresSide, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const highest = new Map<string, string>();
  for (const { sequence, table, column, isInteger } of await fedColumns(side, signal)) {
    if (!isInteger) continue;
    const [row] = await side.reading.rows(`SELECT max(${column})::text AS highest FROM ${table}`, [], signal);
    const found = row?.['highest'];
    const known = highest.get(sequence);
    if (found != null && (known === undefined || BigInt(found) > BigInt(known))) highest.set(sequence, found);
  }
  return highest;
}
