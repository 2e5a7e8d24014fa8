import type { LogRetention } from '../../ports/slots';
import type { PostgresSide } from './postgres-side';

/** pg_stat_wal came with 14 (release notes 14, E.1.3.1.6). */
const countsItsLog = 140000;

const slots = `SELECT slot_name AS name, active::text, coalesce(confirmed_flush_lsn::text, '0/0') AS confirmed,
    wal_status AS retention, coalesce(pg_current_wal_lsn() - restart_lsn, 0)::text AS bytes
  FROM pg_replication_slots
  WHERE slot_type = 'logical' AND database = current_database() AND wal_status IN ('unreserved', 'lost') ORDER BY 1`;

/** How long this side keeps log for who follows it. `wal_bytes` counts since `stats_reset`, the creation at the latest. */
export async function logRetention({ reading, version }: PostgresSide, signal: AbortSignal): Promise<LogRetention> {
  const [limit] = await reading.rows(
    // Unit MB; -1 is no limit.
    `SELECT nullif(setting::bigint, -1) * 1048576 AS bytes FROM pg_settings WHERE name = 'max_slot_wal_keep_size'`,
    [],
    signal,
  );
  const [written] =
    version < countsItsLog
      ? []
      : await reading.rows(
          `SELECT (wal_bytes / greatest(extract(epoch FROM clock_timestamp() - stats_reset), 1))::text AS rate FROM pg_stat_wal`,
          [],
          signal,
        );
  const endangered = await reading.rows(slots, [], signal);
  return {
    ...(limit?.['bytes'] == null ? {} : { limitBytes: Number(limit['bytes']) }),
    ...(written?.['rate'] == null ? {} : { bytesPerSecond: Number(written['rate']) }),
    endangered: endangered.map((row) => ({
      name: row['name'] as string,
      active: row['active'] === 'true',
      confirmedPosition: row['confirmed'] as string,
      retention: row['retention'] as string,
      retainedBytes: Number(row['bytes']),
    })),
  };
}
