import { createHash } from 'node:crypto';
import type { Connection as Session } from 'mysql2/promise';
import type { Connection, TaskRequest } from '../../messages';
import { formatReadPosition, parseReadPosition } from '../../mysql/binlog-position';
import { connectMysql } from '../../mysql/connection';
import type { SourceTable } from '../../table-mappings/router';
import type { ChangeSource, ChangeStream, Snapshot, StreamTarget } from '../change-source';
import { checkRetained, checkServer, presentEnd, type ServerFacts } from './binlog-state';
import { BinlogStream } from './binlog-stream';
import { Catalogue } from './catalogue';
import { openSnapshot } from './snapshot';

/** MySQL or MariaDB, read through the binlog. */
export class MysqlSource implements ChangeSource {
  private readonly connection: Connection;
  private readonly session: Session;
  private readonly server: ServerFacts;
  private readonly catalogue: Catalogue;
  private readonly serverId: number;

  private constructor(task: TaskRequest, session: Session, server: ServerFacts, catalogue: Catalogue) {
    this.connection = task.source;
    this.session = session;
    this.server = server;
    this.catalogue = catalogue;
    this.serverId = serverIdOf(task.arn);
  }

  /** Throws when the source writes its binlog in a way that does not tell whole rows. */
  static async open(task: TaskRequest): Promise<MysqlSource> {
    const session = await connectMysql(task.source, `${task.identifier} source`, { role: 'source' });
    try {
      return new MysqlSource(task, session, await checkServer(session), await Catalogue.read(session));
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  listTables(): Promise<SourceTable[]> {
    const tables = [...this.catalogue.tables.values()].map(({ name, keyColumns, columns }) => ({
      name,
      keyColumns,
      bitColumns: columns.flatMap((column) => (column.dataType === 'bit' ? [column.name] : [])),
    }));
    return Promise.resolve(tables);
  }

  openSnapshot(mostReaders: number): Promise<Snapshot> {
    return openSnapshot(this.connection, this.server, this.catalogue.tables, mostReaders);
  }

  /** Without a position, the present end. The binlog is there for all: a task has no feed of its own. */
  async checkPosition(position: string | undefined): Promise<string> {
    const asked = position === undefined ? { at: await presentEnd(this.session) } : parseReadPosition(position);
    await checkRetained(this.session, asked.at);
    return formatReadPosition(asked);
  }

  openStream(position: string, _own: boolean, into: StreamTarget): Promise<ChangeStream> {
    return BinlogStream.open(this.connection, this.serverId, parseReadPosition(position), this.catalogue, into);
  }

  async close(): Promise<void> {
    await this.session.end().catch(() => undefined);
  }
}

/** A replica's id, of each task its own: the server ends the older of two readers with the same one. */
const serverIdOf = (arn: string): number =>
  0x40000000 + (createHash('sha256').update(arn).digest().readUInt32BE() & 0x3fffffff);
