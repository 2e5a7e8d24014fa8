import { engines, type EngineName } from '../../definition/engines';

/**
 * What replication in both directions asks of the engine. Some are static: set at the start, they need no reboot when reverse
 * replication begins. Sources: AWS DMS User Guide, "Using a PostgreSQL database as a source", "Using a MySQL-compatible
 * database as a source"; RDS parameter references.
 */
const postgres = {
  'rds.logical_replication': '1',
  'rds.force_ssl': '1',
  max_replication_slots: '20',
  max_wal_senders: '25',
  track_commit_timestamp: '1',
  // DMS is slow to answer during a load; a sender that gives up would end its session.
  wal_sender_timeout: '0',
  log_statement: 'ddl',
};

const mysql = {
  binlog_format: 'ROW',
  binlog_row_image: 'FULL',
  binlog_checksum: 'NONE',
  require_secure_transport: '1',
  // DMS loads with LOAD DATA LOCAL.
  local_infile: '1',
};

export const engineParameters = (engine: EngineName): Record<string, string> =>
  engines[engine].family === 'postgres' ? postgres : mysql;

/** Logs that go to CloudWatch. Audit logs need a plugin or parameters of their own and are left to the owner. */
export const exportedLogs = (engine: EngineName): string[] => {
  if (engine === 'postgres') return ['postgresql', 'upgrade'];
  return engines[engine].family === 'postgres' ? ['postgresql'] : ['error', 'slowquery'];
};
