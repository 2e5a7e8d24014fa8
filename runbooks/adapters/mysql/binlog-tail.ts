import ZongJi, { type AnyBinlogEvent, type QueryEvent, type RotateEvent } from '@vlasky/zongji';
import type { ConnectionOptions } from 'mysql2';
import { randomInt } from 'node:crypto';
import { comparePositions, positionText, type BinlogPosition } from './binlog';

/** At the end of the log the server says so by a heartbeat. */
const heartbeatNanoseconds = 100_000_000;
/** Server ids of replicas that people set up are small. */
const leastServerId = 2 ** 31;
const offsetBits = 2n ** 32n;

export interface BinlogPart {
  readonly from: BinlogPosition;
  /** A place between two transactions, up to which is read. */
  readonly upTo: BinlogPosition;
  /** Databases and tables whose rows are wanted; statements come of all. */
  readonly tables: Readonly<Record<string, string[]>>;
}

export interface BinlogReaderOptions extends BinlogPart {
  readonly login: ConnectionOptions;
  readonly signal: AbortSignal;
  /** Every event, in order. */
  readonly onEvent: (event: AnyBinlogEvent, tables: ZongJi['tableMap']) => void;
  /** Asked between two transactions: enough for now? */
  readonly isEnough: () => boolean;
}

/** Events behind which the log may be taken up again. */
const endsTransaction = (event: AnyBinlogEvent): boolean => {
  const name = event.getTypeName();
  if (name === 'Xid') return true;
  return name === 'Query' && /^\s*(COMMIT|ROLLBACK)\s*$/i.test((event as QueryEvent).query);
};

/**
 * Reads a part of the binlog as a replica would, over connections and a server id of its own.
 * @returns how far it came: `upTo`, or the end of a transaction before it when that was enough.
 * @throws the driver's or the server's error, or the signal's reason.
 */
export async function readBinlog(options: BinlogReaderOptions): Promise<BinlogPosition> {
  const { from, upTo, login, signal } = options;
  signal.throwIfAborted();
  if (comparePositions(from, upTo) >= 0) return from;
  if (from.offset >= offsetBits)
    throw new Error(`the binlog cannot be read from ${positionText(from)} on: servers send it from 4 GiB at most`);
  const zongji = new ZongJi(login);
  let abort: (() => void) | undefined;
  try {
    return await new Promise<BinlogPosition>((resolve, reject) => {
      abort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      let at = from;
      let done = false;
      const end = (reached: BinlogPosition) => {
        done = true;
        resolve(reached);
      };
      zongji.on('error', reject);
      zongji.on('ready', () => askForHeartbeats(zongji));
      zongji.on('binlog', (event: AnyBinlogEvent) => {
        // What has come with the last packet belongs to the next reading.
        if (done) return;
        try {
          at = positionAfter(at, event);
          options.onEvent(event, zongji.tableMap);
          if (comparePositions(at, upTo) >= 0) end(upTo);
          else if (endsTransaction(event) && options.isEnough()) end(at);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
      zongji.start({
        serverId: leastServerId + randomInt(2 ** 31 - 1),
        filename: from.file,
        position: Number(from.offset),
        includeSchema: options.tables,
      });
    });
  } finally {
    if (abort) signal.removeEventListener('abort', abort);
    zongji.removeAllListeners('binlog');
    await new Promise<void>((resolve) => {
      zongji.once('stopped', () => resolve());
      zongji.stop();
    });
  }
}

/** These go out before the command that begins the stream; both names, for old and new versions. */
function askForHeartbeats(zongji: ZongJi): void {
  const connection = zongji.connection as { query(sql: string, done: () => void): void } | null;
  connection?.query(
    `SET @master_heartbeat_period = ${heartbeatNanoseconds}, @source_heartbeat_period = ${heartbeatNanoseconds}`,
    () => undefined,
  );
}

/** Inside a transaction of MariaDB events carry no position; beyond 4 GiB only its lower 32 bits stand in an event. */
function positionAfter(at: BinlogPosition, event: AnyBinlogEvent): BinlogPosition {
  if (event.getTypeName() === 'Rotate') {
    const { binlogName, position } = event as RotateEvent;
    return { file: binlogName, offset: BigInt(position) };
  }
  if (event.nextPosition === 0) return at;
  let offset = BigInt(event.nextPosition);
  while (offset + offsetBits / 2n < at.offset) offset += offsetBits;
  return offset > at.offset ? { file: at.file, offset } : at;
}
