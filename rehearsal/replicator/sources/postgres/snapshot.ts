import type { Readable } from 'node:stream';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Connection } from '../../messages';
import { connectPostgres } from '../../postgres/connection';
import { quoteIdentifier, quoteLiteral, quoteTable } from '../../postgres/quoting';
import type { TableName } from '../../row-change';
import type { Snapshot } from '../change-source';
import { recreateSlot } from './slot';
import { listColumns } from './tables';

/**
 * Makes the slot and opens `count` sessions inside the snapshot that it exports: what they see is exactly what was
 * committed before the slot's first change. The snapshot lives as long as the session that exported it.
 */
export async function openSnapshot(
  connection: Connection,
  queries: Client,
  slotName: string,
  count: number,
): Promise<Snapshot> {
  const opened: Client[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(opened.map((client) => client.end()));
  };
  try {
    const exporter = await connectPostgres(connection, 'snapshot', { role: 'source', replication: true });
    opened.push(exporter);
    const { position, snapshot } = await recreateSlot(queries, exporter, slotName);
    const readers = await Promise.all(
      Array.from({ length: count }, async () => {
        const reader = await connectPostgres(connection, 'load', { role: 'source' });
        opened.push(reader);
        await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        await reader.query(`SET TRANSACTION SNAPSHOT ${quoteLiteral(snapshot)}`);
        await reader.query('SAVEPOINT unread');
        return reader;
      }),
    );
    return {
      position,
      readers: count,
      columns: (table) => listColumns(queries, table),
      ranges: () => Promise.resolve([{}]),
      read: (reader, table, columns) => readTable(readers[reader] as Client, table, columns),
      recover: async (reader) => {
        await readers[reader]?.query('ROLLBACK TO SAVEPOINT unread');
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** ONLY, since a partition or a child table is read and named by itself. */
function readTable(reader: Client, table: TableName, columns: string[]): Readable {
  const list = columns.map(quoteIdentifier).join(', ');
  return reader.query(copyTo(`COPY (SELECT ${list} FROM ONLY ${quoteTable(table)}) TO STDOUT`));
}
