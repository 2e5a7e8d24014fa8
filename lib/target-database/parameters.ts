import { engines, majorVersionOf, type EngineName } from '../../definition/engines';

/**
 * What replication in both directions asks of the engine. Some are static: set at the start, they need no reboot when reverse
 * replication begins. Sources: AWS DMS User Guide, "Using a PostgreSQL database as a source", "Using a MySQL-compatible
 * database as a source"; RDS parameter references; for binlog_row_metadata, which an instance's group and a cluster's group
 * take alike, Amazon OpenSearch Service Developer Guide, "RDS for MySQL" and "Aurora MySQL" (prerequisites of a pipeline).
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

/** MySQL has it since 8.0.1, MariaDB since 10.5.0; a parameter group with a name that its family does not have is refused. */
const withoutRowMetadata = ['mysql 5.7', 'aurora-mysql 5.7', 'mariadb 10.4'];

/** What the changed keys of a switch are read from: names of columns stand in the binlog. */
const rowMetadata = { binlog_row_metadata: 'FULL' };

export function engineParameters(engine: EngineName, version: string): Record<string, string> {
  if (engines[engine].family === 'postgres') return postgres;
  const isKnown = !withoutRowMetadata.includes(`${engine} ${majorVersionOf(engine, version) ?? version}`);
  return { ...mysql, ...(isKnown && rowMetadata) };
}

/** Logs that go to CloudWatch. Audit logs need a plugin or parameters of their own and are left to the owner. */
export const exportedLogs = (engine: EngineName): string[] => {
  if (engine === 'postgres') return ['postgresql', 'upgrade'];
  return engines[engine].family === 'postgres' ? ['postgresql'] : ['error', 'slowquery'];
};
