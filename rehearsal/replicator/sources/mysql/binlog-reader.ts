import ZongJi, { type AnyBinlogEvent } from '@vlasky/zongji';
import type { Connection } from '../../messages';
import type { BinlogPosition } from '../../mysql/binlog-position';
import { mysqlOptions } from '../../mysql/connection';
import type { TableName } from '../../row-change';

const heartbeatNanoseconds = 1_000_000_000;
const events = [
  ...['rotate', 'heartbeat', 'gtid', 'anonymousgtid', 'mariadbgtid', 'query', 'xid', 'xaprepare'],
  ...['tablemap', 'writerows', 'updaterows', 'deleterows'],
];

/** Leaves tables unread that no rule captures: their rows are not even decoded. */
class SelectiveZongJi extends ZongJi {
  private readonly captures: (table: TableName) => boolean;

  constructor(connection: Connection, purpose: string, captures: (table: TableName) => boolean) {
    super(mysqlOptions(connection, purpose));
    this.captures = captures;
  }

  /** Asked for each table map; the library's own answer knows fixed names only. */
  _skipSchema(schema: string, table: string): boolean {
    return !this.captures({ schema, table });
  }
}

export interface BinlogListener {
  event(event: AnyBinlogEvent): void;
  failed(error: Error): void;
}

/** Reads the binlog as a replica would, under a server id of its own. */
export class BinlogReader {
  private readonly zongji: SelectiveZongJi;
  private readonly serverId: number;
  private readonly pauses = new Set<string>();
  private closed = false;

  /** @param captures tells the tables whose rows are wanted */
  constructor(connection: Connection, serverId: number, captures: (table: TableName) => boolean) {
    this.serverId = serverId;
    this.zongji = new SelectiveZongJi(connection, `binlog ${serverId}`, captures);
  }

  /** Resolves with the first event; what comes then goes to the listener. Throws the server's refusal. */
  async start(position: BinlogPosition, listener: BinlogListener): Promise<void> {
    const { zongji } = this;
    await new Promise<void>((resolve, reject) => {
      zongji.on('error', (error: Error) => {
        reject(error);
        if (!this.closed) listener.failed(error);
      });
      zongji.on('ready', () => this.askForHeartbeats());
      zongji.on('binlog', (event: AnyBinlogEvent) => {
        resolve();
        if (!this.closed) listener.event(event);
      });
      zongji.start({
        serverId: this.serverId,
        filename: position.file,
        position: position.offset,
        includeEvents: events,
      });
    });
  }

  get tables(): ZongJi['tableMap'] {
    return this.zongji.tableMap;
  }

  get paused(): boolean {
    return this.pauses.size > 0;
  }

  /** Stops reading until nobody wants it stopped. */
  pause(reason: string, paused: boolean): void {
    if (paused) this.pauses.add(reason);
    else this.pauses.delete(reason);
    this.hold();
  }

  /** The library pauses and resumes the connection for itself as well; asked again, the pause holds. */
  hold(): void {
    const { connection } = this.zongji;
    if (this.closed || !connection) return;
    if (this.paused) connection.pause();
    else connection.resume();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await new Promise<void>((resolve) => {
      this.zongji.once('stopped', () => resolve());
      this.zongji.stop();
    });
  }

  /** These go out before the command that begins the stream; both names, for old and new versions. */
  private askForHeartbeats(): void {
    const period = `@master_heartbeat_period = ${heartbeatNanoseconds}, @source_heartbeat_period = ${heartbeatNanoseconds}`;
    this.zongji.connection?.query(`SET ${period}, SESSION net_write_timeout = 3600`, () => undefined);
  }
}
