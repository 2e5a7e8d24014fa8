import { renamingOf } from '../../definition/replication/renaming';
import type { Transformation } from '../../definition/schema/migration';
import { administer } from '../engines/any-engine';
import type { Engines, Side } from './shape';

/**
 * The target's schema that holds most of the source's tables by name: people dump a PostgreSQL database whose tables stand in
 * `public`, or in a schema named as the source's database was.
 */
export async function schemaOfTables(
  engines: Engines,
  databases: Readonly<Record<Side, string>>,
  transformations: readonly Transformation[],
): Promise<string> {
  const tables = `SELECT TABLE_SCHEMA AS "schema", TABLE_NAME AS "name" FROM information_schema.TABLES
    WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA NOT IN ('information_schema', 'pg_catalog')`;
  const database = databases.source;
  const read = async (side: Side, sql: string) => {
    const administrator = await administer(engines[side], databases[side]);
    return administrator.query(sql).finally(() => administrator.close());
  };
  const [source, target] = await Promise.all([
    // ANSI quotes: a name between double quotes is a name, as on the other side.
    read('source', tables.replaceAll('"', '`')),
    read('target', tables),
  ]);
  const renaming = renamingOf(transformations, true);
  const own = new Set(
    source
      .filter((row) => row['schema'] === database)
      .map((row) => renaming.table(`${database}.${String(row['name'])}`).replace(/^[^.]*\./, '')),
  );
  const counts = new Map<string, number>();
  for (const { schema, name } of target as { schema: string; name: string }[])
    if (own.has(name)) counts.set(schema, (counts.get(schema) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most?.[0] ?? database;
}
