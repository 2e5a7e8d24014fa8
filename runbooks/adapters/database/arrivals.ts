import type { Arrival, Arrivals } from '../../ports/arrivals';
import type { BoundValue, DatabaseSide } from './side';

/** Without anybody from outside for so long, replication has nothing more to bring. Seconds. */
export const longAgoSeconds = 3600;

export interface ArrivalsSql {
  /** Milliseconds since 1970 of a moment as this engine keeps it. */
  milliseconds(moment: string): string;
  /** The table's name, where DMS has made it on this side. */
  statusTable(signal: AbortSignal): Promise<string | undefined>;
  /** The newest `source_timestamp_applied` of the tasks that are bound as a list. */
  newestApplied(statusTable: string): string;
  readonly quietSeconds: Arrivals['quietSeconds'];
}

/** What came last to this side, and since when nobody brings anything. */
export function arrivalsOn(side: DatabaseSide, sql: ArrivalsSql): Arrivals {
  const newestIn = async (
    moment: string,
    by: Arrival['by'],
    values: readonly BoundValue[],
    signal: AbortSignal,
  ): Promise<Arrival[]> => {
    const [row] = await side.reading.rowsIfMade(`SELECT ${sql.milliseconds(moment)} AS at`, values, signal);
    return row?.['at'] == null ? [] : [{ by, atMilliseconds: Number(row['at']) }];
  };

  return {
    newest: async (direction, signal) => {
      const { load, forward, reverse } = side.manifest.replication;
      const tasks = direction === 'forward' ? [load, forward] : [reverse];
      // DMS has named its tasks there by identifier and by the last part of the ARN.
      const names = tasks.flatMap(({ identifier, arn }) => [identifier, arn.split(':').at(-1) as string]);
      const status = await sql.statusTable(signal);
      const found = await Promise.all([
        newestIn('(SELECT MIN(fenced_at) FROM cutover_local.fenced_account)', 'fence of this side', [], signal),
        newestIn(`(SELECT MAX(written_at) FROM cutover_flow.heartbeat_${direction})`, 'heartbeat', [], signal),
        newestIn(`(SELECT MAX(written_at) FROM cutover_flow.marker_${direction})`, 'marker', [], signal),
        ...(status ? [newestIn(sql.newestApplied(status), 'replicated transaction', [names], signal)] : []),
      ]);
      return found
        .flat()
        .reduce<Arrival | undefined>((a, b) => (a && a.atMilliseconds >= b.atMilliseconds ? a : b), undefined);
    },

    quietSeconds: sql.quietSeconds,
  };
}
