import {
  conversionTriggers,
  standingTriggers,
  type ConversionTrigger,
} from '../definition/replication/conversion-triggers';
import type { SqlReader } from './ports/sql-reader';
import type { World } from './ports/world';
import { no, safety, yes, type Gate } from './procedure/gate';
import { messageOf } from './procedure/journal';
import { refusalOf } from './verification/engine-refusal';

/** Without its trigger a converted column is not filled on the way there, and what is written into it does not come back. */
export const conversionGate = (world: World): Gate =>
  safety('The target keeps its converted columns equal to those of the source', async (signal) => {
    const wanted = conversionTriggers(world.manifest.tables.transformations ?? []);
    if (wanted.length === 0) return yes('none are declared');
    const { reader } = world.sides.target;
    const unfit = [...(await unfitExpressions(reader, wanted, signal)), ...(await defaults(reader, wanted, signal))];
    if (unfit.length > 0)
      return no({
        code: 'conversion-does-not-fit',
        text: unfit.join('; '),
        value: unfit.length,
        limit: 0,
        unit: 'conversions',
        setting: 'transformations',
      });
    const { sql, values } = standingTriggers(wanted);
    const standing = new Set((await reader.query(sql, values, signal)).map((row) => row['name']));
    const missing = wanted.filter(({ name }) => !standing.has(name));
    if (missing.length === 0) return yes(`${wanted.length} by generated triggers`);
    return no({
      code: 'conversion-trigger-missing',
      text: `no trigger of the target keeps ${missing.map(({ table, column, to }) => `${table}.${to} equal to ${column}`).join(', ')}`,
      value: missing.length,
      limit: 0,
      unit: 'triggers',
      setting: 'transformations',
      next: missing.map(({ sql: statement }) => statement).join(''),
    });
  });

/** The engine alone knows whether an expression fits its columns: it is asked without a row. */
async function unfitExpressions(reader: SqlReader, wanted: readonly ConversionTrigger[], signal: AbortSignal) {
  const found: string[] = [];
  for (const { table, column, to, trial } of wanted) {
    try {
      await reader.query(trial, [], signal);
    } catch (error) {
      if (refusalOf(error) === undefined) throw error;
      found.push(`${table}.${to} cannot be converted from ${column}: ${messageOf(error)}`);
    }
  }
  return found;
}

/** A value that nobody gave is told from one that the application did by nothing. */
async function defaults(reader: SqlReader, wanted: readonly ConversionTrigger[], signal: AbortSignal) {
  const rows = await reader.query(
    `SELECT w.position FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(relation, name, position)
       JOIN pg_class c ON true JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname || '.' || c.relname = w.relation
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = w.name AND NOT a.attisdropped AND a.atthasdef ORDER BY 1`,
    [wanted.map(({ table }) => table), wanted.map(({ to }) => to)],
    signal,
  );
  return rows.flatMap(({ position }) => {
    const conversion = wanted[Number(position) - 1];
    if (!conversion) return [];
    const { table, column, to } = conversion;
    return [`${table}.${to} has a default or is generated: that would overrule ${column} where it is not given`];
  });
}
