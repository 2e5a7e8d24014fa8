import type {
  AnyBinlogEvent,
  BinlogEventByTypeName,
  DeleteRowsEvent,
  TableMapEvent,
  UpdateRowsEvent,
  WriteRowsEvent,
} from '@vlasky/zongji';
import type { Connection } from '../../messages';
import { type BinlogPosition, formatBinlogPosition, type ReadPosition } from '../../mysql/binlog-position';
import { nameOf, type TableName } from '../../row-change';
import { FatalTaskError } from '../../task-errors';
import type { ChangeStream, StreamTarget } from '../change-source';
import { BinlogReader } from './binlog-reader';
import type { Catalogue } from './catalogue';
import { RowDecoder } from './row-decoder';
import { TransactionReader } from './transaction-reader';

/** Heartbeats come every second. */
const silenceMilliseconds = 15_000;
const watchMilliseconds = 2_000;

type Bitmaps = { columns_present_bitmap?: Buffer; columns_present_bitmap2?: Buffer };

/** Changes from the binlog, from a position on. */
export class BinlogStream implements ChangeStream {
  private readonly reader: BinlogReader;
  private readonly catalogue: Catalogue;
  private readonly into: StreamTarget;
  private readonly transactions: TransactionReader;
  private readonly decoders = new Map<string, RowDecoder>();
  private readonly decoderOf = new Map<number, RowDecoder>();
  private file: string;
  private offset: number;
  private heardAt = Date.now();
  private watch: NodeJS.Timeout | undefined;
  private closing = false;

  private constructor(
    connection: Connection,
    serverId: number,
    position: ReadPosition,
    catalogue: Catalogue,
    into: StreamTarget,
  ) {
    this.catalogue = catalogue;
    this.into = into;
    ({ file: this.file, offset: this.offset } = position.at);
    this.transactions = new TransactionReader(position, into);
    this.reader = new BinlogReader(connection, serverId, (table) => into.router.routeOf(table) !== undefined);
  }

  /** Throws when the server does not send the binlog from there. */
  static async open(
    connection: Connection,
    serverId: number,
    position: ReadPosition,
    catalogue: Catalogue,
    into: StreamTarget,
  ): Promise<BinlogStream> {
    const stream = new BinlogStream(connection, serverId, position, catalogue, into);
    try {
      await stream.reader.start(position.at, {
        event: (event) => stream.guard(() => stream.event(event)),
        failed: (error) => stream.lost(plain(error, position.at)),
      });
    } catch (error) {
      await stream.close();
      throw plain(error as Error, position.at);
    }
    stream.watch = setInterval(() => stream.listen(), watchMilliseconds);
    return stream;
  }

  get receivedPosition(): string {
    return this.transactions.receivedPosition;
  }

  pause(paused: boolean): void {
    this.heardAt = Date.now();
    this.reader.pause('queue', paused);
  }

  /** The binlog is kept by time, not for those who read it. */
  confirm(): void {}

  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.watch);
    await this.reader.close();
  }

  private event(event: AnyBinlogEvent): void {
    this.heardAt = Date.now();
    if (is(event, 'Rotate')) {
      this.file = event.binlogName;
      this.offset = event.position;
      return this.transactions.reached({ file: this.file, offset: this.offset });
    }
    const at = this.advance(event);
    if (is(event, 'TableMap')) this.tableMap(event);
    else if (is(event, 'WriteRows') || is(event, 'UpdateRows') || is(event, 'DeleteRows')) this.rows(event);
    else this.transactions.event(event, at);
  }

  /** The place behind an event; the header holds 32 bits of it, and 0 inside MariaDB's transactions. */
  private advance(event: AnyBinlogEvent): BinlogPosition {
    const { nextPosition } = event;
    if (nextPosition > 0) {
      if (this.offset - nextPosition > 2 ** 31) {
        throw new FatalTaskError(`${this.file} is larger than 4 GiB: places behind that cannot be told apart`);
      }
      this.offset = nextPosition;
    }
    return { file: this.file, offset: this.offset };
  }

  private tableMap(event: TableMapEvent): void {
    const name = { schema: event.schemaName, table: event.tableName };
    this.decoderOf.delete(event.tableId);
    const route = this.into.router.routeOf(name);
    // A table that was given up is not read either.
    if (!route || route.statistics.state === 'Table error') return;
    if (this.catalogue.find(name)) this.prepare(event.tableId, name);
    else this.learn(event.tableId, name);
    // The library resumes the connection after it asked for a table's columns.
    if (this.reader.paused) queueMicrotask(() => this.reader.hold());
  }

  private prepare(tableId: number, name: TableName): void {
    const table = this.catalogue.find(name);
    const route = this.into.router.routeOf(name);
    const entry = this.reader.tables[tableId];
    if (!table || !route || !entry) throw new FatalTaskError(`table ${nameOf(name)} is not on the source any more`);
    let decoder = this.decoders.get(nameOf(name));
    if (!decoder) this.decoders.set(nameOf(name), (decoder = new RowDecoder(table, route, this.catalogue)));
    decoder.prepare(entry, this.catalogue);
    this.decoderOf.set(tableId, decoder);
  }

  /** A table that was created after the task began: what follows waits until the catalogue has answered. */
  private learn(tableId: number, name: TableName): void {
    this.reader.pause('catalogue', true);
    this.catalogue.learn(name).then(
      () => {
        this.guard(() => this.prepare(tableId, name));
        this.reader.pause('catalogue', false);
      },
      (error: Error) => this.lost(error),
    );
  }

  private rows(event: WriteRowsEvent | UpdateRowsEvent | DeleteRowsEvent): void {
    const decoder = this.decoderOf.get(event.tableId);
    if (!decoder) return;
    const bitmaps = event as Bitmaps;
    decoder.expectWhole(bitmaps.columns_present_bitmap, bitmaps.columns_present_bitmap2);
    const size = Math.ceil(event.size / Math.max(1, event.rows.length));
    if (is(event, 'UpdateRows')) {
      for (const { before, after } of event.rows) this.transactions.add(decoder.update(before, after), size);
    } else {
      const kind = is(event, 'WriteRows') ? 'insert' : 'delete';
      for (const row of event.rows) this.transactions.add(decoder[kind](row), size);
    }
  }

  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.lost(error as Error);
    }
  }

  private listen(): void {
    if (this.reader.paused || Date.now() - this.heardAt < silenceMilliseconds) return;
    this.lost(new Error('the source ended the replication stream: no heartbeat came any more'));
  }

  private lost(error: Error): void {
    if (this.closing) return;
    clearInterval(this.watch);
    this.closing = true;
    this.into.failed(error);
  }
}

function is<N extends ReturnType<AnyBinlogEvent['getTypeName']>>(
  event: AnyBinlogEvent,
  name: N,
): event is BinlogEventByTypeName<N> {
  return event.getTypeName() === name;
}

/** The server's refusal to send, in words. */
function plain(error: Error, from: BinlogPosition): Error {
  const { errno } = error as { errno?: number };
  if (errno !== 1236) return error;
  return new FatalTaskError(
    `the source cannot send its binlog from ${formatBinlogPosition(from)} on: ${error.message}`,
  );
}
