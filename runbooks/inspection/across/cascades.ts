import type { Manifest } from '../../../definition/manifest/sections';
import { nameOnSource } from '../../../definition/replication/renaming';
import { isSelected } from '../../../definition/replication/selected-tables';
import type { SqlReader } from '../../ports/sql-reader';
import { ddlOf } from './ddl';

/** A foreign key by which the engine itself changes rows of a selected table, unlogged. */
export interface Cascade {
  /** Name on the source of the table whose rows change: what waivers speak of. */
  readonly object: string;
  readonly name: string;
  /** `ON DELETE CASCADE`. */
  readonly rules: string;
  /** Makes the key refuse instead. */
  readonly ddl: string;
}

const query = `
  SELECT k.TABLE_SCHEMA AS table_schema, k.TABLE_NAME AS table_name, k.CONSTRAINT_NAME AS name, r.DELETE_RULE AS on_delete,
    r.UPDATE_RULE AS on_update, k.COLUMN_NAME AS column_name, k.REFERENCED_TABLE_SCHEMA AS parent_schema,
    k.REFERENCED_TABLE_NAME AS parent, k.REFERENCED_COLUMN_NAME AS parent_column
  FROM information_schema.REFERENTIAL_CONSTRAINTS r JOIN information_schema.KEY_COLUMN_USAGE k
    ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
  WHERE r.DELETE_RULE IN ('CASCADE', 'SET NULL') OR r.UPDATE_RULE IN ('CASCADE', 'SET NULL')
  ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`;

/** From 9.6 on MySQL itself, not InnoDB, changes those rows, and logs them (release notes 9.6.0). */
const logsThem = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return !/mariadb/i.test(version) && (major > 9 || (major === 9 && minor >= 6));
};

/** Of one MySQL or MariaDB side, within the selected tables. */
export async function readCascades(
  reader: SqlReader,
  tables: Manifest['tables'],
  isSource: boolean,
  signal: AbortSignal,
): Promise<Cascade[]> {
  const [server] = await reader.query('SELECT VERSION() AS version', [], signal);
  if (logsThem(server?.['version'] ?? '')) return [];
  const found = new Map<string, Cascade>();
  const rows = await reader.query(query, [], signal);
  for (const row of rows) {
    const table = `${row['table_schema']}.${row['table_name']}`;
    const object = nameOnSource(tables.transformations ?? [], table, isSource);
    if (!isSelected(tables, object)) continue;
    const parts = rows.filter(
      (one) =>
        one['name'] === row['name'] &&
        one['table_schema'] === row['table_schema'] &&
        one['table_name'] === row['table_name'],
    );
    const list = (column: string) => parts.map((one) => quote(one[column] ?? '')).join(', ');
    const changes = (rule: string | null | undefined) => rule === 'CASCADE' || rule === 'SET NULL';
    const rules = [
      ...(changes(row['on_delete']) ? [`ON DELETE ${row['on_delete']}`] : []),
      ...(changes(row['on_update']) ? [`ON UPDATE ${row['on_update']}`] : []),
    ].join(' ');
    const name = quote(row['name'] ?? '');
    const parent = quoteTable(`${row['parent_schema']}.${row['parent']}`);
    found.set(`${table} ${row['name']}`, {
      ...{ object, name: row['name'] ?? '', rules },
      ddl:
        `ALTER TABLE ${quoteTable(table)} DROP FOREIGN KEY ${name}; ALTER TABLE ${quoteTable(table)} ADD CONSTRAINT ${name} ` +
        `FOREIGN KEY (${list('column_name')}) REFERENCES ${parent} (${list('parent_column')});`,
    });
  }
  return [...found.values()];
}

const { name: quote, table: quoteTable } = ddlOf.mysql;
