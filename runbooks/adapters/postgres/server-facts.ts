import { UsageError } from '../../ports/failures';
import type { ReadingPool } from './reading-pool';

/** wal_status, logical decoding as used here and pg_terminate_backend's rules: what was tested begins with 13. */
const oldestVersion = 130000;

export interface ServerFacts {
  readonly version: string;
  /** As server_version_num, e.g. 150008. */
  readonly versionNumber: number;
  readonly isReader: boolean;
  readonly account: string;
}

export async function serverFacts(reading: ReadingPool, signal: AbortSignal): Promise<ServerFacts> {
  const [row] = await reading.rows(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
            pg_is_in_recovery()::text AS reader, current_user::text AS account`,
    [],
    signal,
  );
  return {
    version: (row?.['version'] as string).split(' ')[0] as string,
    versionNumber: Number(row?.['number']),
    isReader: row?.['reader'] === 'true',
    account: row?.['account'] as string,
  };
}

/** @throws UsageError for a server that no runbook may work on. */
export function refuseUnfit(facts: ServerFacts, title: string): void {
  if (facts.versionNumber < oldestVersion)
    throw new UsageError('database-too-old', `the ${title} is older than PostgreSQL 13`, {
      next: 'upgrade it in place to 13 first',
    });
  if (facts.isReader)
    throw new UsageError('database-reader', `the ${title} is a reader: it replays another server's log`, {
      next: 'declare the writer’s endpoint as host',
    });
}
