import type { Arrival, Arrivals } from '../../ports/arrivals';
import { dmsTable } from './dms-table';
import type { PostgresSide } from './postgres-side';
import { whereMissing } from './sql-error';

const milliseconds = (expression: string) => `floor(extract(epoch FROM ${expression}) * 1000)::bigint::text`;

/** Without anybody from outside for so long, replication has nothing more to bring. Seconds. */
const longAgo = 3600;

export function arrivals(side: PostgresSide): Arrivals {
  const { reading, manifest } = side;
  const newestIn = async (sql: string, by: Arrival['by'], values: readonly unknown[], signal: AbortSignal) => {
    const [row] = await whereMissing(reading.rows(`SELECT ${milliseconds(sql)} AS at`, values, signal), []);
    return row?.['at'] == null ? undefined : { by, atMilliseconds: Number(row['at']) };
  };

  return {
    newest: async (direction, signal) => {
      const { load, forward, reverse } = manifest.replication;
      const tasks = direction === 'forward' ? [load, forward] : [reverse];
      // DMS has named its tasks there by identifier and by the last part of the ARN.
      const names = tasks.flatMap(({ identifier, arn }) => [identifier, arn.split(':').at(-1)]);
      const status = await dmsTable(side, 'awsdms_status', signal);
      const found = await Promise.all([
        newestIn(`(SELECT min(fenced_at) FROM cutover_local.fenced_account)`, 'fence of this side', [], signal),
        newestIn(`(SELECT max(written_at) FROM cutover_flow.heartbeat_${direction})`, 'heartbeat', [], signal),
        newestIn(`(SELECT max(written_at) FROM cutover_flow.marker_${direction})`, 'marker', [], signal),
        // SOURCE_TIMESTAMP_APPLIED: commit time of the last transaction applied, without a zone, in UTC (DMS guide,
        // "Control table task settings").
        ...(status
          ? [
              newestIn(
                `(SELECT max(source_timestamp_applied) FROM ${status} WHERE task_name = ANY ($1::text[])) AT TIME ZONE 'UTC'`,
                'replicated transaction',
                [names],
                signal,
              ),
            ]
          : []),
      ]);
      return found
        .filter((each) => each !== undefined)
        .reduce<Arrival | undefined>((a, b) => (a && a.atMilliseconds >= b.atMilliseconds ? a : b), undefined);
    },

    quietSeconds: async (signal) => {
      const [row] = await reading.rows(
        `SELECT bool_or(state <> 'idle')::text AS busy,
                coalesce(min(extract(epoch FROM clock_timestamp() - state_change)), ${longAgo})::text AS seconds
           FROM pg_stat_activity
          WHERE datname = current_database() AND usename = ANY ($1::text[]) AND usename <> $2`,
        [manifest.accounts.allowed, side.account],
        signal,
      );
      return row?.['busy'] === 'true' ? undefined : Number(row?.['seconds'] ?? longAgo);
    },
  };
}
