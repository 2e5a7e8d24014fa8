import type { Sessions } from '../../ports/sessions';
import { migratedTables } from './migrated-tables';
import type { PostgresSide } from './postgres-side';

/** Locks that DDL takes (PostgreSQL manual, 13.3.1); autovacuum and ANALYZE stay below them. */
const ddlModes = ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'];

export function sessions(side: PostgresSide): Sessions {
  const { reading } = side;
  const others = 'a.datname = current_database() AND a.usesysid IS NOT NULL AND a.usename <> $1';
  return {
    census: async (signal) => {
      const rows = await reading.rows(
        `SELECT coalesce(a.usename, 'role ' || a.usesysid) AS account, coalesce(a.application_name, '') AS application,
                coalesce(host(a.client_addr), 'local') AS address, count(*)::text AS count
           FROM pg_stat_activity a
          WHERE a.datname = current_database() AND a.usesysid IS NOT NULL AND a.usename IS DISTINCT FROM $1
          GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
        [side.account],
        signal,
      );
      return rows.map((row) => ({
        account: row['account'] as string,
        application: row['application'] as string,
        clientAddress: row['address'] as string,
        count: Number(row['count']),
      }));
    },

    openTransactions: async (olderThanSeconds, signal) => {
      const rows = await reading.rows(
        `SELECT a.usename AS account, a.pid::text AS pid, extract(epoch FROM clock_timestamp() - a.xact_start)::text AS age
           FROM pg_stat_activity a
          WHERE ${others} AND a.backend_type = 'client backend'
            AND a.xact_start < clock_timestamp() - make_interval(secs => $2::float8)
          ORDER BY a.xact_start`,
        [side.account, olderThanSeconds],
        signal,
      );
      return rows.map((row) => ({
        account: row['account'] as string,
        ageSeconds: Number(row['age']),
        processId: row['pid'] as string,
      }));
    },

    preparedTransactions: async (signal) => {
      const rows = await reading.rows(
        'SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared',
        [],
        signal,
      );
      return rows.map((row) => row['gid'] as string);
    },

    ddlUnderWay: async (signal) => {
      const tables = await migratedTables(side, signal);
      const rows = await reading.rows(
        `WITH busy AS (
           SELECT l.pid, l.relation FROM pg_locks l
            WHERE l.locktype = 'relation' AND l.mode = ANY ($2::text[])
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
           UNION
           -- CREATE INDEX CONCURRENTLY holds a weaker lock, the one that VACUUM takes too.
           SELECT p.pid, p.relid FROM pg_stat_progress_create_index p WHERE p.datname = current_database())
         SELECT coalesce(a.usename, '') AS account, a.pid::text AS pid, busy.relation::oid::text AS oid
           FROM busy JOIN pg_stat_activity a ON a.pid = busy.pid
          WHERE ${others} AND busy.relation = ANY ($3::oid[]) ORDER BY 1, 2`,
        [side.account, ddlModes, tables.map((table) => table.oid)],
        signal,
      );
      const names = new Map(tables.map((table) => [table.oid, table.quoted]));
      return rows.map((row) => ({
        account: row['account'] as string,
        table: names.get(row['oid'] as string) as string,
        processId: row['pid'] as string,
      }));
    },
  };
}
