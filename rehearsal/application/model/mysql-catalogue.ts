import type { MysqlSession } from '../engine/mysql-session';
import { mysqlColumn, type CatalogueColumn } from './mysql-column';
import type { SideTable } from './side-table';
import { writtenBy } from './written-by';

const SYSTEM =
  "('mysql', 'sys', 'information_schema', 'performance_schema', 'innodb', 'rehearsal_probe', 'awsdms_control')";
const ours = (column: string): string => `${column} NOT IN ${SYSTEM} AND ${column} NOT LIKE 'cutover\\_%'`;
const names = (...columns: string[]): string => columns.map((each) => `CAST(${each} AS CHAR)`).join(', ');

/** Reads every table outside the system's, the rehearsal's and the runbook's own databases. */
export async function readMysqlCatalogue(session: MysqlSession): Promise<SideTable[]> {
  const read = async (sql: string) => (await session.run(sql)).rows.map((row) => row.map((each) => each ?? ''));
  const tables = new Map<string, SideTable>();
  for (const [schema = '', table = ''] of await read(
    `SELECT ${names('TABLE_SCHEMA', 'TABLE_NAME')} FROM information_schema.TABLES
      WHERE TABLE_TYPE = 'BASE TABLE' AND ${ours('TABLE_SCHEMA')} ORDER BY TABLE_SCHEMA, TABLE_NAME`,
  )) {
    const none = { columns: [], primary: [], uniques: [], foreignKeys: [] };
    const quiet = { ...none, hasAfterTriggers: false, writtenByTriggers: false };
    tables.set(`${schema}.${table}`, { schema, table, ...quiet });
  }
  const checks = await readChecks(session, read);
  for (const [schema, table, ...column] of await read(
    `SELECT ${names('TABLE_SCHEMA', 'TABLE_NAME', 'COLUMN_NAME', 'COLUMN_TYPE', 'DATA_TYPE', 'IS_NULLABLE', 'EXTRA')},
       ${names('CHARACTER_MAXIMUM_LENGTH', 'CHARACTER_SET_NAME', 'NUMERIC_PRECISION', 'NUMERIC_SCALE', 'DATETIME_PRECISION')}
      FROM information_schema.COLUMNS WHERE ${ours('TABLE_SCHEMA')} ORDER BY ORDINAL_POSITION`,
  )) {
    const found = tables.get(`${schema}.${table}`);
    found?.columns.push(mysqlColumn(column as unknown as CatalogueColumn, checks.get(`${schema}.${table}`) ?? []));
  }
  await readKeys(tables, read);
  for (const [schema = '', table, timing, body = ''] of await read(
    `SELECT ${names('EVENT_OBJECT_SCHEMA', 'EVENT_OBJECT_TABLE', 'ACTION_TIMING', 'ACTION_STATEMENT')}
      FROM information_schema.TRIGGERS WHERE ${ours('EVENT_OBJECT_SCHEMA')}`,
  )) {
    const found = tables.get(`${schema}.${table}`);
    if (found && timing === 'AFTER') found.hasAfterTriggers = true;
    for (const id of writtenBy(body, schema)) {
      const written = tables.get(id);
      if (written) written.writtenByTriggers = true;
    }
  }
  return [...tables.values()];
}

type Read = (sql: string) => Promise<string[][]>;

async function readKeys(tables: Map<string, SideTable>, read: Read): Promise<void> {
  const indexes = new Map<string, string[]>();
  for (const [schema, table, index, column] of await read(
    `SELECT ${names('TABLE_SCHEMA', 'TABLE_NAME', 'INDEX_NAME', 'COLUMN_NAME')} FROM information_schema.STATISTICS
      WHERE NON_UNIQUE = 0 AND ${ours('TABLE_SCHEMA')} ORDER BY SEQ_IN_INDEX`,
  )) {
    const found = tables.get(`${schema}.${table}`);
    if (found === undefined) continue;
    const name = `${schema}.${table} ${index}`;
    if (!indexes.has(name)) {
      indexes.set(name, index === 'PRIMARY' ? found.primary : []);
      found.uniques.push(indexes.get(name) as string[]);
    }
    // An expression has no column of its own.
    if (column) indexes.get(name)?.push(column);
  }
  const keys = new Map<string, SideTable['foreignKeys'][number]>();
  for (const [schema, table, constraint, column = '', otherSchema, otherTable, referenced = ''] of await read(
    `SELECT ${names('TABLE_SCHEMA', 'TABLE_NAME', 'CONSTRAINT_NAME', 'COLUMN_NAME')},
       ${names('REFERENCED_TABLE_SCHEMA', 'REFERENCED_TABLE_NAME', 'REFERENCED_COLUMN_NAME')}
      FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_NAME IS NOT NULL AND ${ours('TABLE_SCHEMA')}
      ORDER BY ORDINAL_POSITION`,
  )) {
    const name = `${schema}.${table} ${constraint}`;
    const key = keys.get(name) ?? { columns: [], table: `${otherSchema}.${otherTable}`, referenced: [] };
    if (!keys.has(name)) tables.get(`${schema}.${table}`)?.foreignKeys.push(key);
    keys.set(name, key);
    key.columns.push(column);
    key.referenced.push(referenced);
  }
}

/** CHECK clauses by table. MySQL knows none before 8.0.16; MariaDB names the table of each, MySQL does not. */
async function readChecks(session: MysqlSession, read: Read): Promise<Map<string, string[]>> {
  const checks = new Map<string, string[]>();
  const known = await read(
    `SELECT ${names('COLUMN_NAME')} FROM information_schema.COLUMNS
      WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME = 'CHECK_CONSTRAINTS'`,
  );
  if (known.length === 0) return checks;
  const table = known.some(([column]) => column === 'TABLE_NAME') ? ' AND t.TABLE_NAME = c.TABLE_NAME' : '';
  const rows = await session.run(
    `SELECT DISTINCT ${names('t.TABLE_SCHEMA', 't.TABLE_NAME', 'c.CHECK_CLAUSE')}
      FROM information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t
        ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME${table}
      WHERE t.CONSTRAINT_TYPE = 'CHECK' AND ${ours('t.TABLE_SCHEMA')}`,
  );
  for (const [schema, name, clause] of rows.rows) {
    const id = `${schema}.${name}`;
    checks.set(id, [...(checks.get(id) ?? []), clause ?? '']);
  }
  return checks;
}
