import { Readable } from 'node:stream';
import type { Connection as Session } from 'mysql2';

/** What the driver's text protocol hands over, beyond its published types. */
interface Packet {
  buffer: Buffer;
  offset: number;
  end: number;
  isEOF(): boolean;
}
interface RowCommand {
  row: (packet: Packet, connection: unknown) => unknown;
}

const chunkBytes = 128 * 1024;
const lineFeed = 0x0a;
const nullMark = 0xfb;

/**
 * The only column of a query's rows, one line each, as the bytes that came: the driver would make a string and an object
 * of every row. Its own handling of a row is replaced for this query alone.
 */
export class LineReader extends Readable {
  private readonly session: Session;
  private chunk = Buffer.allocUnsafe(chunkBytes);
  private filled = 0;
  private paused = false;

  constructor(session: Session, sql: string) {
    super({ highWaterMark: 4 * chunkBytes });
    this.session = session;
    const query = session.query(sql) as unknown as RowCommand & NodeJS.EventEmitter;
    const original = query.row;
    query.row = (packet, connection) => {
      if (packet.isEOF()) return original.call(query, packet, connection);
      this.line(packet);
      return query.row;
    };
    query.once('error', (error: Error) => this.destroy(error));
    query.once('end', () => {
      if (this.destroyed) return;
      this.hand();
      this.push(null);
    });
  }

  /** Reads nothing but this error. */
  static failed(error: Error): Readable {
    return new Readable({
      read() {
        this.destroy(error);
      },
    });
  }

  override _read(): void {
    if (!this.paused) return;
    this.paused = false;
    this.session.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // What still comes of the query is passed over, so that the session is free afterwards.
    if (this.paused) this.session.resume();
    this.paused = false;
    done(error);
  }

  /** A length-encoded string fills the packet. */
  private line(packet: Packet): void {
    if (this.destroyed) return;
    const { buffer } = packet;
    const first = buffer[packet.offset] as number;
    if (first === nullMark)
      return void this.destroy(new Error('a row is longer than max_allowed_packet of the source'));
    const prefix = first < nullMark ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : 9;
    const start = packet.offset + prefix;
    const length = packet.end - start;
    if (this.filled + length + 1 > this.chunk.length) {
      this.hand();
      if (length + 1 > this.chunk.length) this.chunk = Buffer.allocUnsafe(length + 1);
    }
    buffer.copy(this.chunk, this.filled, start, packet.end);
    this.filled += length;
    this.chunk[this.filled++] = lineFeed;
  }

  private hand(): void {
    if (this.filled === 0) return;
    const full = this.chunk.subarray(0, this.filled);
    this.chunk = Buffer.allocUnsafe(chunkBytes);
    this.filled = 0;
    if (!this.push(full) && !this.paused) {
      this.paused = true;
      this.session.pause();
    }
  }
}
