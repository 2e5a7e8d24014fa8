import type { MysqlSide } from './mysql-side';
import { quoted } from './names';

/** A control table of DMS, quoted; DMS has used either case for their names. Absent where it is not. */
export async function dmsTable(side: MysqlSide, name: string, signal: AbortSignal): Promise<string | undefined> {
  const database = side.manifest.replication.controlSchema;
  const [found] = await side.reading.rows(
    'SELECT TABLE_SCHEMA AS db, TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND LOWER(TABLE_NAME) = ?',
    [database, name],
    signal,
  );
  return found && `${quoted(found['db'] as string)}.${quoted(found['name'] as string)}`;
}
