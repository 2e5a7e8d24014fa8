import { createHash } from 'node:crypto';
import type { Client } from 'pg';
import type { Connection, TaskRequest } from '../../messages';
import { connectPostgres } from '../../postgres/connection';
import type { SourceTable } from '../../table-mappings/router';
import type { ChangeSource, ChangeStream, Snapshot, StreamTarget } from '../change-source';
import { ReplicationStream } from './replication-stream';
import { checkSlot } from './slot';
import { openSnapshot } from './snapshot';
import { listTables } from './tables';

/** PostgreSQL, read through logical decoding with the plugin test_decoding. */
export class PostgresSource implements ChangeSource {
  private readonly connection: Connection;
  private readonly client: Client;
  private readonly ownSlot: string;

  private constructor(connection: Connection, client: Client, ownSlot: string) {
    this.connection = connection;
    this.client = client;
    this.ownSlot = ownSlot;
  }

  static async open(task: TaskRequest): Promise<PostgresSource> {
    const client = await connectPostgres(task.source, `${task.identifier} source`, { role: 'source' });
    return new PostgresSource(task.source, client, ownSlotName(task));
  }

  listTables(): Promise<SourceTable[]> {
    return listTables(this.client);
  }

  /** A table is read by one session. */
  openSnapshot(mostReaders: number, tables: number): Promise<Snapshot> {
    const readers = Math.max(1, Math.min(mostReaders, tables));
    return openSnapshot(this.connection, this.client, this.ownSlot, readers);
  }

  async checkPosition(position: string | undefined, own: boolean): Promise<string> {
    return checkSlot(this.client, this.slot(own), position);
  }

  openStream(position: string, own: boolean, into: StreamTarget): Promise<ChangeStream> {
    return ReplicationStream.open(this.connection, this.slot(own), position, into);
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  private slot(own: boolean): string {
    if (own) return this.ownSlot;
    if (this.connection.slotName) return this.connection.slotName;
    throw new Error('a change-data task needs SlotName in the PostgreSQLSettings of its source endpoint');
  }
}

/** The slot of a task that loads: stays the task's own over restarts, and is left behind when the task stops, as DMS does. */
function ownSlotName(task: { arn: string; identifier: string }): string {
  const hash = createHash('sha256').update(task.arn).digest('hex').slice(0, 8);
  return `${task.identifier
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 48)}_${hash}`;
}
