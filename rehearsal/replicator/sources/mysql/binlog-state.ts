import type { Connection, RowDataPacket } from 'mysql2/promise';
import { type BinlogPosition, compareBinlogPositions, formatBinlogPosition } from '../../mysql/binlog-position';
import { FatalTaskError } from '../../task-errors';

export interface ServerFacts {
  readonly mariadb: boolean;
  readonly version: string;
}

/** What has to be set so that the binlog tells every row whole (User Guide, "Using a MySQL-compatible database"). */
const required: readonly [name: string, allowed: readonly string[], why: string][] = [
  ['log_bin', ['1', 'ON'], 'without the binlog no change can be read'],
  ['binlog_format', ['ROW'], 'only rows can be applied to another engine'],
  ['binlog_row_image', ['FULL'], 'an image that leaves columns out does not tell the whole row'],
  ['binlog_transaction_compression', ['0', 'OFF'], 'compressed transactions cannot be read'],
  ['binlog_row_value_options', [''], 'partial JSON updates cannot be read'],
];

/** Product and version; throws when the binlog is not written as it has to be. */
export async function checkServer(session: Connection): Promise<ServerFacts> {
  const [[row]] = await session.query<RowDataPacket[]>('SELECT VERSION() AS version');
  const version = String(row?.['version']);
  const names = required.map(([name]) => name);
  const [settings] = await session.query<RowDataPacket[]>('SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)', [names]);
  for (const [name, allowed, why] of required) {
    const found = settings.find((each) => each['Variable_name'] === name)?.['Value'] as string | undefined;
    // A version that does not know the setting does not do it either.
    if (found === undefined || allowed.includes(found)) continue;
    throw new FatalTaskError(`the source has ${name}=${found}, it must be ${allowed.at(-1) || 'empty'}: ${why}`);
  }
  return { mariadb: /mariadb/i.test(version), version };
}

/** The end of the binlog now. MySQL 8.4 dropped the old name of the statement. */
export async function presentEnd(session: Connection): Promise<BinlogPosition> {
  const rows = await session
    .query<RowDataPacket[]>('SHOW BINARY LOG STATUS')
    .catch(() => session.query<RowDataPacket[]>('SHOW MASTER STATUS'))
    .then(([answer]) => answer);
  const [row] = rows;
  if (!row) throw new FatalTaskError('the source writes no binlog: SHOW BINARY LOG STATUS answers nothing');
  return { file: String(row['File']), offset: Number(row['Position']) };
}

/** Throws a plain message when the binlog no longer holds, or does not yet hold, what follows `position`. */
export async function checkRetained(session: Connection, position: BinlogPosition): Promise<void> {
  const [files] = await session.query<RowDataPacket[]>('SHOW BINARY LOGS');
  const asked = formatBinlogPosition(position);
  const file = files.find((each) => each['Log_name'] === position.file);
  if (!file) {
    const first = String(files[0]?.['Log_name']);
    const gone = files.length > 0 && compareBinlogPositions(position, { file: first, offset: 0 }) < 0;
    throw new FatalTaskError(
      gone
        ? `position ${asked} is lost: the source has purged ${position.file}, its oldest binlog file is ${first}; load again`
        : `position ${asked} is in no binlog file of the source (${first} to ${String(files.at(-1)?.['Log_name'])})`,
    );
  }
  if (position.offset > Number(file['File_size'])) {
    throw new FatalTaskError(
      `position ${asked} is beyond the end of ${position.file}, which has ${String(file['File_size'])} bytes: ` +
        'it is not a position of this server, or the server lost its last transactions in a crash',
    );
  }
}
