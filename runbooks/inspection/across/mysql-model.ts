import type { SqlReader } from '../../ports/sql-reader';
import { groupedBy } from './grouped';
import { mysqlColumn, type CatalogueRow } from './mysql-column';
import { titleOf, type Model, type ModelForeignKey, type ModelIndex, type ModelTable } from './model';

const serverDatabases = `('mysql', 'sys', 'information_schema', 'performance_schema')`;
const key = `TABLE_SCHEMA AS table_schema, TABLE_NAME AS table_name`;

// Labels are given: MySQL 8 shouts them else.
const columnsQuery = `
  SELECT ${key}, COLUMN_NAME AS column_name, DATA_TYPE AS data_type, COLUMN_TYPE AS column_type, IS_NULLABLE AS nullable,
    COLUMN_DEFAULT AS default_value, EXTRA AS extra, GENERATION_EXPRESSION AS generation, CHARACTER_SET_NAME AS character_set,
    COLLATION_NAME AS collation, CHARACTER_MAXIMUM_LENGTH AS characters, CHARACTER_OCTET_LENGTH AS octets,
    NUMERIC_PRECISION AS digits, NUMERIC_SCALE AS scale, DATETIME_PRECISION AS fraction
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA NOT IN ${serverDatabases} ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`;
const tablesQuery = `
  SELECT ${key}, TABLE_TYPE AS type FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN ${serverDatabases}`;
const indexesQuery = `
  SELECT ${key}, INDEX_NAME AS name, NON_UNIQUE AS repeats, COLUMN_NAME AS column_name, SUB_PART AS prefix, INDEX_TYPE AS type
  FROM information_schema.STATISTICS WHERE TABLE_SCHEMA NOT IN ${serverDatabases}
  ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`;
const foreignKeysQuery = `
  SELECT k.TABLE_SCHEMA AS table_schema, k.TABLE_NAME AS table_name, k.CONSTRAINT_NAME AS name, k.COLUMN_NAME AS column_name,
    k.REFERENCED_TABLE_SCHEMA AS parent_schema, k.REFERENCED_TABLE_NAME AS parent, k.REFERENCED_COLUMN_NAME AS parent_column,
    r.DELETE_RULE AS on_delete, r.UPDATE_RULE AS on_update
  FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
    ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
  WHERE k.TABLE_SCHEMA NOT IN ${serverDatabases} AND k.REFERENCED_TABLE_NAME IS NOT NULL
  ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`;
const triggersQuery = `
  SELECT EVENT_OBJECT_SCHEMA AS table_schema, EVENT_OBJECT_TABLE AS table_name, TRIGGER_NAME AS name,
    CONCAT(ACTION_TIMING, ' ', EVENT_MANIPULATION) AS text
  FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN ${serverDatabases}`;
const routinesQuery = `
  SELECT ROUTINE_SCHEMA AS table_schema, ROUTINE_NAME AS table_name FROM information_schema.ROUTINES
  WHERE ROUTINE_SCHEMA NOT IN ${serverDatabases} ORDER BY 1, 2`;
/** MariaDB says of which table a check is, MySQL (from 8.0.16) only in another view, MySQL 5.7 has none. */
const checksQuery = {
  mariadb: `
    SELECT CONSTRAINT_SCHEMA AS table_schema, TABLE_NAME AS table_name, CONSTRAINT_NAME AS name, CHECK_CLAUSE AS text
    FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA NOT IN ${serverDatabases}`,
  mysql: `
    SELECT t.TABLE_SCHEMA AS table_schema, t.TABLE_NAME AS table_name, c.CONSTRAINT_NAME AS name, c.CHECK_CLAUSE AS text
    FROM information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t
      ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
    WHERE t.CONSTRAINT_TYPE = 'CHECK'`,
} as const;

/** A JSON column of MariaDB is a longtext with this check. */
const jsonCheck = /^\s*json_valid\(`((?:[^`]|``)+)`\)\s*$/i;

/** The tables of one MySQL or MariaDB side for which `isSelected` says yes (its own names). */
export async function readMysqlModel(
  reader: SqlReader,
  isSelected: (name: string) => boolean,
  signal: AbortSignal,
): Promise<Model> {
  const ask = (sql: string) => reader.query(sql, [], signal);
  const version = (await ask('SELECT VERSION() AS version'))[0]?.['version'] ?? '';
  const isMariadb = /mariadb/i.test(version);
  const hasChecks = isMariadb || !/^5\.|^8\.0\.(\d|1[0-5])\b/.test(version);
  const nameOf = (row: CatalogueRow) => `${row['table_schema']}.${row['table_name']}`;
  const grouped = async (sql: string): Promise<Map<string, CatalogueRow[]>> => groupedBy(await ask(sql), nameOf);

  const kinds = await ask(tablesQuery);
  const bases = kinds.filter((row) => /^(BASE TABLE|SYSTEM VERSIONED)$/.test(row['type'] ?? ''));
  const columns = await grouped(columnsQuery);
  const indexes = await grouped(indexesQuery);
  const foreignKeys = await grouped(foreignKeysQuery);
  const triggers = await grouped(triggersQuery);
  const checks = hasChecks
    ? await grouped(checksQuery[isMariadb ? 'mariadb' : 'mysql'])
    : new Map<string, CatalogueRow[]>();

  const tables = bases
    .filter((row) => isSelected(nameOf(row)))
    .map((row): ModelTable => {
      const name = nameOf(row);
      const clauses = (checks.get(name) ?? []).map((each) => [each['name'] ?? '', each['text'] ?? ''] as const);
      const json = new Set(clauses.flatMap(([, text]) => jsonCheck.exec(text)?.[1]?.replaceAll('``', '`') ?? []));
      return {
        schema: row['table_schema'] ?? '',
        name: row['table_name'] ?? '',
        isVersioned: row['type'] === 'SYSTEM VERSIONED',
        columns: (columns.get(name) ?? []).map((each) =>
          mysqlColumn(each, isMariadb, json.has(each['column_name'] ?? '')),
        ),
        indexes: indexesOf(indexes.get(name) ?? []),
        foreignKeys: foreignKeysOf(foreignKeys.get(name) ?? []),
        checks: new Map(clauses.filter(([, text]) => !jsonCheck.test(text))),
        triggers: new Map((triggers.get(name) ?? []).map((each) => [each['name'] ?? '', each['text'] ?? ''])),
      };
    });
  const schemas = new Set(tables.map(({ schema }) => schema));
  const beside = (rows: CatalogueRow[]) => rows.filter((row) => schemas.has(row['table_schema'] ?? '')).map(nameOf);
  return {
    ...{ family: 'mysql', version, tables },
    views: beside(kinds.filter((row) => row['type'] === 'VIEW')),
    routines: beside(await ask(routinesQuery)),
  };
}

function indexesOf(rows: readonly CatalogueRow[]): ModelIndex[] {
  return [...groupedBy(rows, (row) => row['name'] ?? '')].map(([name, parts]) => {
    const type = parts[0]?.['type'] ?? '';
    const isUnique = parts[0]?.['repeats'] === '0';
    const columns = parts.map((part) => part['column_name'] ?? undefined);
    const shown = parts.map(
      (part) => `${part['column_name'] ?? '(expression)'}${part['prefix'] ? `(${part['prefix']})` : ''}`,
    );
    return {
      ...{ name, isPrimary: name === 'PRIMARY', isUnique, columns },
      prefixes: parts.map((part) => (part['prefix'] ? Number(part['prefix']) : undefined)),
      special: type === 'BTREE' || type === 'HASH' ? undefined : type,
      text: `${isUnique ? 'unique ' : ''}(${shown.join(', ')})`,
    };
  });
}

const foreignKeysOf = (rows: readonly CatalogueRow[]): ModelForeignKey[] =>
  [...groupedBy(rows, (row) => row['name'] ?? '')].map(([name, parts]) => ({
    name,
    columns: parts.map((part) => part['column_name'] ?? ''),
    parent: titleOf({ schema: parts[0]?.['parent_schema'] ?? '', name: parts[0]?.['parent'] ?? '' }),
    parentColumns: parts.map((part) => part['parent_column'] ?? ''),
    onDelete: parts[0]?.['on_delete'] ?? '',
    onUpdate: parts[0]?.['on_update'] ?? '',
  }));
