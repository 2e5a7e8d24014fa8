import type { Arrivals } from '../../ports/arrivals';
import { arrivalsOn, longAgoSeconds } from '../database/arrivals';
import { dmsTable } from './dms-table';
import { milliseconds } from './moments';
import type { PostgresSide } from './postgres-side';

export const arrivals = (side: PostgresSide): Arrivals =>
  arrivalsOn(side, {
    milliseconds,
    statusTable: (signal) => dmsTable(side, 'awsdms_status', signal),
    // SOURCE_TIMESTAMP_APPLIED: commit time of the last transaction applied, without a zone, in UTC (DMS guide,
    // "Control table task settings").
    newestApplied: (table) =>
      `(SELECT max(source_timestamp_applied) FROM ${table} WHERE task_name = ANY ($1::text[])) AT TIME ZONE 'UTC'`,

    quietSeconds: async (signal) => {
      const [row] = await side.reading.rows(
        `SELECT bool_or(state <> 'idle')::text AS busy,
                coalesce(min(extract(epoch FROM clock_timestamp() - state_change)), ${longAgoSeconds}) AS seconds
           FROM pg_stat_activity
          WHERE datname = current_database() AND usename = ANY ($1::text[]) AND usename <> $2`,
        [side.manifest.accounts.allowed, side.account],
        signal,
      );
      return row?.['busy'] === 'true' ? undefined : Number(row?.['seconds'] ?? longAgoSeconds);
    },
  });
