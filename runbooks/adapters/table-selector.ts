import { flowSchema, localSchema } from '../../definition/control-schemas';
import type { Manifest, SideName } from '../../definition/manifest/sections';
import { reversedSelection } from '../../definition/replication/target-names';
import type { Transformation } from '../../definition/schema/migration';

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
