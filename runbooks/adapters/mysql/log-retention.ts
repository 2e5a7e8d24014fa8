import type { LogRetention } from '../../ports/slots';
import type { MysqlSide } from './mysql-side';
import { slotReadings } from './remembered-position';
import { serverError, whereMissing } from './sql-error';

const day = 86_400;

/** Variables by name, where the server has them. */
export async function variables(
  side: MysqlSide,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const rows = await side.reading.rows('SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)', [names], signal);
  return new Map(rows.map((row) => [(row['Variable_name'] ?? '').toLowerCase(), row['Value'] ?? '']));
}

/**
 * For how long the server keeps a binlog that nobody reads, in seconds; undefined: for ever. RDS purges by a setting of its
 * own, as soon as it can where that is NULL (RDS User Guide, "Configuring MySQL binary logging").
 */
export async function retentionSeconds(side: MysqlSide, signal: AbortSignal): Promise<number | undefined> {
  const ofRds = side.reading.rows(
    `SELECT value AS hours FROM mysql.rds_configuration WHERE name = 'binlog retention hours'`,
    [],
    signal,
  );
  const [rds] = await whereMissing(ofRds, []);
  if (rds) return Number(rds['hours'] ?? 0) * 3600;
  const known = await variables(side, ['binlog_expire_logs_seconds', 'expire_logs_days'], signal);
  const seconds =
    Number(known.get('binlog_expire_logs_seconds') ?? 0) || Number(known.get('expire_logs_days') ?? 0) * day;
  return seconds === 0 ? undefined : seconds;
}

/** MariaDB counts it; MySQL does where performance_schema watches its files. Both since the server started. */
async function bytesPerSecond(side: MysqlSide, signal: AbortSignal): Promise<number | undefined> {
  const status = await side.reading.rows(
    `SHOW GLOBAL STATUS WHERE Variable_name IN ('Binlog_bytes_written', 'Uptime')`,
    [],
    signal,
  );
  const counted = new Map(status.map((row) => [row['Variable_name'], Number(row['Value'])]));
  const uptime = Math.max(counted.get('Uptime') ?? 1, 1);
  const written = counted.get('Binlog_bytes_written') ?? (await writtenToFiles(side, signal));
  return written === undefined ? undefined : written / uptime;
}

async function writtenToFiles(side: MysqlSide, signal: AbortSignal): Promise<number | undefined> {
  const query = `SELECT sum_number_of_bytes_write AS bytes FROM performance_schema.file_summary_by_event_name
    WHERE event_name = 'wait/io/file/sql/binlog'`;
  const [row] = await side.reading.rows(query, [], signal).catch((error: unknown) => {
    if (serverError(error) === undefined) throw error;
    return [];
  });
  const bytes = Number(row?.['bytes'] ?? 0);
  return bytes > 0 ? bytes : undefined;
}

/** How long this side keeps its binlog for who follows it. */
export async function logRetention(side: MysqlSide, signal: AbortSignal): Promise<LogRetention> {
  const limitSeconds = await retentionSeconds(side, signal);
  const rate = await bytesPerSecond(side, signal);
  const total = Number((await variables(side, ['max_binlog_total_size'], signal)).get('max_binlog_total_size') ?? 0);
  return {
    ...(limitSeconds === undefined ? {} : { limitSeconds }),
    ...(total > 0 ? { limitBytes: total } : {}),
    ...(rate === undefined ? {} : { bytesPerSecond: rate }),
    endangered: (await slotReadings(side, signal)).filter(({ retention }) => retention === 'lost'),
  };
}
