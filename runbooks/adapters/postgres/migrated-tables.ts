import type { Manifest, SideName } from '../../../definition/manifest/sections';
import { flowSchema, localSchema } from '../../../definition/control-schemas';
import { reversedSelection } from '../../../definition/replication/target-names';
import type { Transformation } from '../../../definition/schema/migration';
import type { PostgresSide } from './postgres-side';

export interface MigratedTable {
  readonly oid: string;
  readonly schema: string;
  readonly table: string;
  /** schema.table as the engine quotes it; safe to stand in SQL. */
  readonly quoted: string;
  readonly isPartitioned: boolean;
}

/** `%` is any text, everything else stands for itself, as in the definition. */
const patternTest = (pattern: string): ((schema: string, table: string) => boolean) => {
  const dot = pattern.indexOf('.');
  const [schema, table] = [pattern.slice(0, dot), pattern.slice(dot + 1)].map((part) => {
    const literal = part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*');
    return new RegExp(`^${literal}$`, 's');
  }) as [RegExp, RegExp];
  return (inSchema, name) => schema.test(inSchema) && table.test(name);
};

/** Which tables of a side belong to the migration: the definition's names on the source, the renamed ones on the target. */
export function tableSelector(
  { tables, replication }: Pick<Manifest, 'tables' | 'replication'>,
  side: SideName,
): (schema: string, table: string) => boolean {
  // The manifest names column types more loosely than the definition; names are all that is asked for here.
  const transformations = (tables.transformations ?? []) as Transformation[];
  const { include, exclude } = side === 'source' ? tables : reversedSelection({ tables, transformations });
  const included = include.map(patternTest);
  const excluded = exclude.map(patternTest);
  const ours = new Set([localSchema, flowSchema, replication.controlSchema]);
  return (schema, table) =>
    !ours.has(schema) &&
    included.some((matches) => matches(schema, table)) &&
    !excluded.some((matches) => matches(schema, table));
}

/** The migrated tables that exist, from the catalogue. */
export async function migratedTables(side: PostgresSide, signal: AbortSignal): Promise<MigratedTable[]> {
  const rows = await side.reading.rows(
    `SELECT c.oid::text, n.nspname AS schema, c.relname AS table, format('%I.%I', n.nspname, c.relname) AS quoted,
            (c.relkind = 'p')::text AS partitioned
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      ORDER BY n.nspname, c.relname`,
    [],
    signal,
  );
  const selects = tableSelector(side.manifest, side.side);
  return rows
    .filter((row) => selects(row['schema'] as string, row['table'] as string))
    .map((row) => ({
      oid: row['oid'] as string,
      schema: row['schema'] as string,
      table: row['table'] as string,
      quoted: row['quoted'] as string,
      isPartitioned: row['partitioned'] === 'true',
    }));
}
