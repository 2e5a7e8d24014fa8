import type { LogRetention, SlotReading } from '../../ports/slots';
import type { PostgresSide } from './postgres-side';
import type { TextRow } from './reading-pool';

/** pg_stat_wal came with 14 (release notes 14, E.1.3.1.6). */
const countsItsLog = 140000;

const slotsWhere = (condition: string) => `SELECT slot_name AS name, active::text,
    coalesce(confirmed_flush_lsn::text, '0/0') AS confirmed, coalesce(wal_status, 'reserved') AS retention,
    coalesce(pg_current_wal_lsn() - restart_lsn, 0)::text AS bytes
  FROM pg_replication_slots
  WHERE slot_type = 'logical' AND database = current_database() AND ${condition} ORDER BY 1`;

const reading = (row: TextRow): SlotReading => ({
  name: row['name'] as string,
  active: row['active'] === 'true',
  confirmedPosition: row['confirmed'] as string,
  retention: row['retention'] as string,
  retainedBytes: Number(row['bytes']),
});

export const idleSlots = async (side: PostgresSide, signal: AbortSignal): Promise<SlotReading[]> =>
  (await side.reading.rows(slotsWhere('NOT active'), [], signal)).map(reading);

/** How long this side keeps log for who follows it. `wal_bytes` counts since `stats_reset`, the creation at the latest. */
export async function logRetention(side: PostgresSide, signal: AbortSignal): Promise<LogRetention> {
  const [limit] = await side.reading.rows(
    // Unit MB; -1 is no limit.
    `SELECT nullif(setting::bigint, -1) * 1048576 AS bytes FROM pg_settings WHERE name = 'max_slot_wal_keep_size'`,
    [],
    signal,
  );
  const [written] =
    side.version < countsItsLog
      ? []
      : await side.reading.rows(
          `SELECT (wal_bytes / greatest(extract(epoch FROM clock_timestamp() - stats_reset), 1))::text AS rate FROM pg_stat_wal`,
          [],
          signal,
        );
  const endangered = await side.reading.rows(slotsWhere(`wal_status IN ('unreserved', 'lost')`), [], signal);
  return {
    ...(limit?.['bytes'] == null ? {} : { limitBytes: Number(limit['bytes']) }),
    ...(written?.['rate'] == null ? {} : { bytesPerSecond: Number(written['rate']) }),
    endangered: endangered.map(reading),
  };
}
