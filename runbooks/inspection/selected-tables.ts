import type { Manifest } from '../../definition/manifest/sections';
import { nameOnSource } from '../../definition/replication/renaming';
import { isSelected } from '../../definition/replication/selected-tables';
import type { SqlReader } from '../ports/sql-reader';

const query = `
  SELECT c.oid::text, n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%'
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`;

/** The tables of one side that the definition selects, and the schemas they stand in. */
export async function selectedTables(
  reader: SqlReader,
  tables: Manifest['tables'],
  isSource: boolean,
  signal: AbortSignal,
): Promise<{ oids: string[]; schemas: string[] }> {
  const selected = (await reader.query(query, [], signal)).filter(({ schema, name }) =>
    isSelected(tables, nameOnSource(tables.transformations ?? [], `${schema}.${name}`, isSource)),
  );
  return {
    oids: selected.flatMap((table) => table.oid ?? []),
    schemas: [...new Set(selected.flatMap((table) => table.schema ?? []))],
  };
}
