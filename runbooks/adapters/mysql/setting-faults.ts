import { binlogEnd } from './binlog';
import { retentionSeconds, variables } from './log-retention';
import type { MysqlSide } from './mysql-side';

interface SettingFault {
  readonly setting: string;
  readonly value: string;
  readonly needed: string;
}

/** DMS needs the binlog for at least so long (AWS DMS User Guide, "Using a MySQL-compatible database as a source"). */
const leastRetentionSeconds = 24 * 3600;

/** What a variable must say; one that the server does not have is no fault. */
const wanted: Readonly<Record<string, string>> = {
  log_bin: 'ON',
  binlog_format: 'ROW',
  binlog_row_image: 'FULL',
  // Names of columns stand in the binlog: without, a table that was altered meanwhile is read wrongly.
  binlog_row_metadata: 'FULL',
  binlog_row_value_options: '',
  // Neither DMS nor the runbooks read compressed events.
  binlog_transaction_compression: 'OFF',
  log_bin_compress: 'OFF',
  // Else a transaction may be visible before one that stands in front of it.
  binlog_order_commits: 'ON',
};

/** Settings that replication out of this side needs. */
export async function settingFaults(side: MysqlSide, signal: AbortSignal): Promise<SettingFault[]> {
  const known = await variables(side, [...Object.keys(wanted), 'server_id'], signal);
  const faults = Object.entries(wanted).flatMap(([setting, needed]): SettingFault[] => {
    const value = known.get(setting);
    if (value === undefined || value.toUpperCase() === needed) return [];
    return [{ setting, value: value || 'empty', needed: needed || 'empty' }];
  });
  if (known.get('server_id') === '0') faults.push({ setting: 'server_id', value: '0', needed: 'any other number' });
  if (known.get('log_bin')?.toUpperCase() === 'ON') faults.push(...(await faultsOfLog(side, signal)));
  return faults;
}

async function faultsOfLog(side: MysqlSide, signal: AbortSignal): Promise<SettingFault[]> {
  const faults: SettingFault[] = [];
  const retention = await retentionSeconds(side, signal);
  if (retention !== undefined && retention < leastRetentionSeconds)
    faults.push({
      setting: 'binlog_expire_logs_seconds (RDS: binlog retention hours)',
      value: `${retention} s`,
      needed: `at least ${leastRetentionSeconds} s`,
    });
  const { filters } = await binlogEnd(side, signal);
  if (filters !== '')
    faults.push({ setting: 'binlog_do_db, binlog_ignore_db', value: filters, needed: 'empty: every database' });
  return faults;
}
