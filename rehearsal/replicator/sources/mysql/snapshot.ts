import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection as Session, RowDataPacket } from 'mysql2/promise';
import type { Connection } from '../../messages';
import {
  type BinlogPosition,
  compareBinlogPositions,
  formatReadPosition,
  parseBinlogPosition,
  type ReadPosition,
} from '../../mysql/binlog-position';
import { connectMysql } from '../../mysql/connection';
import { quoteIdentifier, quoteLiteral, quoteTable } from '../../mysql/quoting';
import { nameOf, type TableName } from '../../row-change';
import type { KeyRange, Snapshot } from '../change-source';
import { presentEnd, type ServerFacts } from './binlog-state';
import { copyField } from './columns';
import { rangesOf } from './key-ranges';
import { LineReader } from './line-reader';
import type { MysqlTable } from './tables';

/** More sessions read no faster, and find a common moment less often. */
const mostReaders = 4;
/** How long sessions are begun again and again until all see the same moment. */
const patienceMilliseconds = 5_000;
/** From the flush into the binlog to the commit in the storage engine: what was flushed before is visible after it. */
const commitMilliseconds = 1_000;

/**
 * Opens sessions that read the database as it stands, without a lock. MariaDB tells each session's place in the binlog,
 * so sessions are begun until all have the same. MySQL tells none: the position is taken first, and what is committed
 * until the last session has begun comes again with the changes (the overlap).
 */
export async function openSnapshot(
  connection: Connection,
  server: ServerFacts,
  tables: ReadonlyMap<string, MysqlTable>,
  wanted: number,
): Promise<Snapshot> {
  const sessions: Session[] = [];
  const close = (): Promise<void> => {
    for (const session of sessions) session.destroy();
    return Promise.resolve();
  };
  try {
    for (let count = 0; count < Math.min(wanted, mostReaders); count++) {
      sessions.push(await connectMysql(connection, 'load', { role: 'source' }));
    }
    const position = await (server.mariadb ? beginTogether(sessions) : beginAfterPosition(sessions));
    return {
      position: formatReadPosition(position),
      readers: sessions.length,
      columns: (table) =>
        Promise.resolve(known(tables, table).columns.flatMap(({ name, generated }) => (generated ? [] : [name]))),
      ranges: (table) => rangesOf(sessions[0] as Session, known(tables, table), sessions.length),
      read: (reader, table, columns, range) =>
        readRange(sessions[reader] as Session, known(tables, table), columns, range, position),
      // A failed query does not end the transaction.
      recover: () => Promise.resolve(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const begin = async (session: Session): Promise<void> => {
  await session.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await session.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
};

async function beginTogether(sessions: Session[]): Promise<ReadPosition> {
  const deadline = Date.now() + patienceMilliseconds;
  for (;;) {
    await Promise.all(sessions.map(begin));
    const positions = (await Promise.all(sessions.map(snapshotPosition))).sort(compareBinlogPositions);
    const [at, overlapEnd] = [positions[0] as BinlogPosition, positions.at(-1) as BinlogPosition];
    if (compareBinlogPositions(at, overlapEnd) === 0) return { at };
    if (Date.now() > deadline) return { at, overlapEnd };
  }
}

async function snapshotPosition(session: Session): Promise<BinlogPosition> {
  const [rows] = await session.query<RowDataPacket[]>("SHOW STATUS LIKE 'binlog_snapshot_%'");
  const value = (name: string): string => String(rows.find((row) => row['Variable_name'] === name)?.['Value']);
  return parseBinlogPosition(`${value('Binlog_snapshot_file')}:${value('Binlog_snapshot_position')}`);
}

async function beginAfterPosition(sessions: Session[]): Promise<ReadPosition> {
  const [first] = sessions as [Session];
  const at = await presentEnd(first);
  await sleep(commitMilliseconds);
  await Promise.all(sessions.map(begin));
  return { at, overlapEnd: await presentEnd(first) };
}

function known(tables: ReadonlyMap<string, MysqlTable>, name: TableName): MysqlTable {
  const table = tables.get(nameOf(name));
  if (!table) throw new Error(`table ${nameOf(name)} is not on the source`);
  return table;
}

function readRange(
  session: Session,
  table: MysqlTable,
  columns: string[],
  range: KeyRange,
  { overlapEnd }: ReadPosition,
): Readable {
  const raw = (session as unknown as { connection: ConstructorParameters<typeof LineReader>[0] }).connection;
  try {
    if (overlapEnd && table.keyColumns.length === 0) {
      throw new Error(
        `table ${nameOf(table.name)} has neither a primary key nor a unique key without NULLs: its rows cannot be told ` +
          'apart from the changes that came while it was read',
      );
    }
    const fields = columns.map((name) => copyField(table.columns.find((each) => each.name === name)!));
    return new LineReader(
      raw,
      `SELECT CONCAT_WS('\t', ${fields.join(', ')}) FROM ${quoteTable(table.name)}${where(range)}`,
    );
  } catch (error) {
    return LineReader.failed(error as Error);
  }
}

function where({ column, from, below }: KeyRange): string {
  if (column === undefined) return '';
  const name = quoteIdentifier(column);
  const conditions = [
    ...(from === undefined ? [] : [`${name} >= ${quoteLiteral(from)}`]),
    ...(below === undefined ? [] : [`${name} < ${quoteLiteral(below)}`]),
  ];
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}
