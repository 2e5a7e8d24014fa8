import { migratedTables } from './migrated-tables';
import type { MysqlSide } from './mysql-side';
import { everyProcess } from './processes';

/** What changes a table's definition or throws its rows away; ANALYZE and CHECK do not. */
const isDdl = /^(?:alter|create|drop|rename|truncate|optimize|repair)\b/i;
const comments = /^(?:\s+|\/\*.*?\*\/|--[^\n]*\n|#[^\n]*\n|\()+/s;

/** Locks that only such statements, or LOCK TABLES, take (MySQL 8.4 manual, 29.12.13.3 "The metadata_locks Table"). */
const locks = `SELECT t.processlist_user AS account, t.processlist_id AS id, l.object_schema AS table_schema,
    l.object_name AS table_name
  FROM performance_schema.metadata_locks l JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
  WHERE l.object_type = 'TABLE' AND t.processlist_id IS NOT NULL AND t.processlist_id <> CONNECTION_ID()
    AND l.lock_type IN ('EXCLUSIVE', 'SHARED_UPGRADABLE', 'SHARED_NO_WRITE', 'SHARED_NO_READ_WRITE')`;

interface UnderWay {
  readonly account: string;
  readonly table: string;
  readonly processId: string;
}

/** Does the statement name the table: as a word of its own, or quoted? */
export const namesTable = (text: string, table: string): boolean => {
  const literal = table.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${literal}(?![\\p{L}\\p{N}_$])`, 'iu').test(text);
};

/**
 * Without performance_schema (MariaDB's default) the text of the statement under way tells which tables it may change; a
 * name that two databases have counts for both.
 */
export async function ddlUnderWay(side: MysqlSide, signal: AbortSignal): Promise<UnderWay[]> {
  const tables = await migratedTables(side, signal);
  const found = new Map<string, UnderWay>();
  const add = (one: UnderWay) => found.set(`${one.processId} ${one.table}`, one);
  for (const { account, id, text } of await everyProcess(side, signal, 'whole')) {
    const statement = text.replace(comments, '');
    if (account === side.account || !isDdl.test(statement)) continue;
    for (const { name, table } of tables)
      if (namesTable(statement, table)) add({ account, table: name, processId: id });
  }
  const migrated = new Set(tables.map(({ name }) => name));
  for (const row of await side.reading.rows(locks, [], signal)) {
    const table = `${row['table_schema']}.${row['table_name']}`;
    const account = row['account'] ?? '';
    if (account !== side.account && migrated.has(table)) add({ account, table, processId: row['id'] as string });
  }
  return [...found.values()];
}
