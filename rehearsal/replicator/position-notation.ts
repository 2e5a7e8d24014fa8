import { type EngineName, familyOf } from '../../definition/engines';
import { formatBinlogPosition, parseBinlogPosition, parseReadPosition } from './mysql/binlog-position';
import { formatCheckpoint as formatLsnCheckpoint, parseStartPosition as parseLsnStart } from './postgres/lsn';

/**
 * The position that a task is asked to begin at: the engine's own notation, or a checkpoint of DMS, which for MySQL is
 * `checkpoint:V1#<n>#<file>:<offset>:…` (User Guide, "Performing replication starting from a CDC start point").
 */
export function parseStartPosition(engine: EngineName, position: string): string {
  if (familyOf(engine) !== 'mysql') return parseLsnStart(position);
  const checkpoint = /^checkpoint:V1#\d+#([^:#]+:\d+)[:#]/.exec(position);
  return formatBinlogPosition(parseBinlogPosition(checkpoint?.[1] ?? position));
}

/** The form in which DMS reports how far a task got (`RecoveryCheckpoint`). */
export function formatCheckpoint(engine: EngineName, position: string): string {
  if (familyOf(engine) !== 'mysql') return formatLsnCheckpoint(position);
  const at = formatBinlogPosition(parseReadPosition(position).at);
  return `checkpoint:V1#1#${at}:-1:0:0:${at}#0#0#*#0#0`;
}
