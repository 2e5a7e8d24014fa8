import type { MysqlSide } from './mysql-side';

/** A place between two transactions of the binlog: `bin.000003:1234` in one word, as DMS takes it. */
export interface BinlogPosition {
  readonly file: string;
  readonly offset: bigint;
}

export const positionText = ({ file, offset }: BinlogPosition): string => `${file}:${offset}`;

/** @throws Error when the text is no position. */
export function parsePosition(text: string): BinlogPosition {
  const [, file, offset] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (file === undefined || offset === undefined)
    throw new Error(`"${text}" is no position of a binlog; expected is file:offset, as bin.000003:1234`);
  return { file, offset: BigInt(offset) };
}

/** The number at the end of a file's name grows beyond its zeros. */
const numberOf = (file: string): number => Number(/\.(\d+)$/.exec(file)?.[1] ?? 0);

/** Negative when `one` comes before `other`. */
export function comparePositions(one: BinlogPosition, other: BinlogPosition): number {
  const files = numberOf(one.file) - numberOf(other.file);
  return files !== 0 ? files : Number(one.offset - other.offset);
}

/** MySQL 8.2 brought the new name, 8.4 took the old one away (release notes 8.2.0, 8.4.0). */
const statusStatement = ({ product, version }: MysqlSide): string =>
  product === 'mysql' && version >= 80200 ? 'SHOW BINARY LOG STATUS' : 'SHOW MASTER STATUS';

export interface BinlogStatus extends BinlogPosition {
  /** Executed GTIDs, as the server prints them; empty where it has none. */
  readonly gtid: string;
  /** Databases that `binlog_do_db` and `binlog_ignore_db` name. */
  readonly filters: string;
}

/** Where the binlog ends at this moment. @throws Error when there is none. */
export async function binlogEnd(side: MysqlSide, signal: AbortSignal): Promise<BinlogStatus> {
  const [row] = await side.reading.rows(statusStatement(side), [], signal);
  if (!row?.['File']) throw new Error(`the ${side.title} writes no binlog: log_bin is OFF`);
  const gtid =
    side.product === 'mariadb'
      ? (await side.reading.rows('SELECT @@GLOBAL.gtid_binlog_pos AS gtid', [], signal))[0]?.['gtid']
      : row['Executed_Gtid_Set'];
  return {
    file: row['File'],
    offset: BigInt(row['Position'] ?? '0'),
    gtid: (gtid ?? '').replace(/\s+/g, ''),
    filters: [row['Binlog_Do_DB'], row['Binlog_Ignore_DB']].filter(Boolean).join(', '),
  };
}

/** The files that still stand, oldest first, with their sizes in bytes. */
export async function binlogFiles(side: MysqlSide, signal: AbortSignal): Promise<{ file: string; bytes: bigint }[]> {
  const rows = await side.reading.rows('SHOW BINARY LOGS', [], signal);
  return rows.map((row) => ({ file: row['Log_name'] as string, bytes: BigInt(row['File_size'] ?? '0') }));
}
