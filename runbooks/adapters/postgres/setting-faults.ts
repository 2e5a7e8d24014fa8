import type { PostgresSide } from './postgres-side';

/**
 * Settings that logical replication out of this side needs (AWS DMS User Guide, "Using a PostgreSQL database as a
 * source"; PostgreSQL manual, 29.11). Slots and senders count what is free, with ours already taken or not.
 */
export async function settingFaults(
  side: PostgresSide,
  signal: AbortSignal,
): Promise<{ setting: string; value: string; needed: string }[]> {
  const { forwardSlot, reverseSlot } = side.manifest.replication;
  const rows = await side.reading.rows(
    `WITH present AS (
       SELECT current_setting('wal_level') AS wal_level,
              current_setting('max_replication_slots')::int AS slots,
              current_setting('max_wal_senders')::int AS senders,
              (SELECT setting::int FROM pg_settings WHERE name = 'wal_sender_timeout') AS sender_timeout,
              (SELECT count(*) FROM pg_replication_slots WHERE slot_name NOT IN ($1, $2)) AS slots_taken,
              (SELECT count(*) FROM pg_stat_replication) AS senders_taken)
     SELECT 'wal_level' AS setting, wal_level AS value, 'logical' AS needed FROM present WHERE wal_level <> 'logical'
     UNION ALL
     SELECT 'max_replication_slots', slots::text, 'at least ' || slots_taken + 2 FROM present WHERE slots < slots_taken + 2
     UNION ALL
     SELECT 'max_wal_senders', senders::text, 'at least ' || senders_taken + 1 FROM present WHERE senders < senders_taken + 1
     UNION ALL
     -- Shorter than this, DMS tasks lose their connection: User Guide, prerequisites of a PostgreSQL source.
     SELECT 'wal_sender_timeout', sender_timeout || ' ms', '0 or at least 10000 ms' FROM present
      WHERE sender_timeout BETWEEN 1 AND 9999`,
    [forwardSlot, reverseSlot],
    signal,
  );
  return rows.map((row) => ({
    setting: row['setting'] as string,
    value: row['value'] as string,
    needed: row['needed'] as string,
  }));
}
