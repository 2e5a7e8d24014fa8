/** What stands on the sides for an engine change alone, as gates of a procedure. */
import { waivedFor } from '../definition/replication/selected-tables';
import { comparedSide } from './blocking-differences';
import { conversionGate } from './conversion-gate';
import { inspectMysqlData, type DataProgress } from './inspection/fitness-mysql/inspect-mysql-data';
import type { Reporter } from './ports/operator';
import { readCascades } from './inspection/across/cascades';
import { missingConstraints, reverseConstraints } from './inspection/across/reverse-fitness';
import type { SideName } from '../definition/manifest/sections';
import type { World } from './ports/world';
import { no, quality, yes, type Gate } from './procedure/gate';
import { ddlOf } from './inspection/across/ddl';
import { tablesWithoutTransactions } from './inspection/across/tables-without-transactions';
import { triggerGate } from './procedure/gates/session-gates';

/** What PostgreSQL takes and MySQL cannot hold must be refused while the way back stands. */
const reverseGate = (world: World): Gate =>
  quality('The target refuses what the source cannot hold', async (signal) => {
    const { sides, manifest } = world;
    const isWaived = waivedFor(manifest.tables, 'reverse-fitness');
    const [source, target] = [comparedSide(world, 'source'), comparedSide(world, 'target')];
    const wanted = await reverseConstraints({ source, target, tables: manifest.tables, signal });
    const asked = wanted.filter(({ object }) => !isWaived(object));
    const missing = await missingConstraints(asked, sides.target.reader, signal);
    const lossy = wanted.length > asked.length ? ', rollback lossy where that is waived' : '';
    if (missing.length === 0) return yes(`${asked.length} generated constraints${lossy}`);
    const shown = missing
      .slice(0, 10)
      .map(({ refuses, approximation }) => refuses + (approximation ? ` (${approximation})` : ''));
    return no({
      code: 'reverse-fitness',
      text: `nothing refuses ${shown.join('; ')}${missing.length > shown.length ? ` and ${missing.length - shown.length} more` : ''}; replication back would stop at such a row or change it`,
      value: missing.length,
      limit: 0,
      unit: 'constraints',
      setting: 'waivers',
      next: missing.map(({ sql }) => sql).join('\n'),
    });
  });

/** Rows that foreign keys change stand in no binlog: nothing would replicate them. */
const cascadeGate = (world: World, side: SideName): Gate =>
  quality(`No foreign key of the ${side} changes rows that its binlog does not hold`, async (signal) => {
    const compared = comparedSide(world, side);
    if (compared.family !== 'mysql') return yes();
    const { tables } = world.manifest;
    const isWaived = waivedFor(tables, 'cascades');
    const cascades = await readCascades(compared.reader, tables, side === 'source', signal);
    const left = cascades.filter(({ object }) => !isWaived(object));
    const waived = cascades.length - left.length;
    if (left.length === 0)
      return yes(waived > 0 ? `${waived} waived: their tables are compared row by row under the fence` : undefined);
    return no({
      code: 'cascades',
      text: left.map(({ object, name, rules }) => `${name} of ${object}: ${rules}`).join('; '),
      value: left.length,
      limit: 0,
      unit: 'foreign keys',
      setting: 'waivers',
      next: left.map(({ ddl }) => ddl).join('\n'),
      waivable: { check: 'cascades', tables: [...new Set(left.map(({ object }) => object))] },
    });
  });

/** Asked before rows are loaded and before every switch. */
export const engineChangeSafety = (world: World): Gate[] => [conversionGate(world)];

/** Asked before rows are loaded, and going forward. Nothing of it is said where both sides are PostgreSQL. */
export const engineChangeQuality = (world: World): Gate[] =>
  (['source', 'target'] as const).every((side) => comparedSide(world, side).family === 'postgres')
    ? []
    : [cascadeGate(world, 'source'), cascadeGate(world, 'target'), reverseGate(world)];

/** What is written there stands even when its transaction is rolled back, and the load would see it half changed. */
const transactionsGate = (world: World): Gate =>
  quality('Every table of the source keeps to transactions', async (signal) => {
    const { reader } = comparedSide(world, 'source');
    const found = await tablesWithoutTransactions(reader, world.manifest.tables, signal);
    if (found.length === 0) return yes();
    return no({
      code: 'table-without-transactions',
      text: `without transactions: ${found.map(({ object, storage }) => `${object} (${storage})`).join(', ')}; rows of transactions that were rolled back stay there and are not replicated`,
      value: found.length,
      limit: 0,
      unit: 'tables',
      setting: 'tables.exclude',
      next: found.map(({ object }) => `ALTER TABLE ${ddlOf.mysql.table(object)} ENGINE = InnoDB;`).join('\n'),
    });
  });

/** Of a MySQL source, before the load: every switch asks for the triggers, that have to be written anew, but it would be late. */
export const mysqlSourceGates = (world: World): Gate[] =>
  comparedSide(world, 'source').family === 'mysql'
    ? [transactionsGate(world), triggerGate(world, world.sides.source)]
    : [];

/** Reads every row of a MySQL source: asked before they are loaded, and never again. */
export const dataGates = (world: World, reporter: Reporter): Gate[] => {
  const [source, target] = [comparedSide(world, 'source'), comparedSide(world, 'target')];
  if (source.family !== 'mysql' || target.family !== 'postgres') return [];
  return [
    quality('The target takes every row of the source as it is', async (signal) => {
      const isWaived = waivedFor(world.manifest.tables, 'data');
      const onProgress = ({ table, rows }: DataProgress) =>
        reporter.report({ type: 'progress', text: `${table}: ${rows} rows looked at`, data: { table, rows } });
      const { clock, manifest } = world;
      const found = await inspectMysqlData({ source, target, tables: manifest.tables, clock, onProgress, signal });
      const left = found.filter(({ object, isNote }) => !isNote && !isWaived(object));
      if (left.length === 0) return yes();
      return no({
        code: 'data-does-not-fit',
        text: left
          .map(
            ({ object, column, rows, keys, text }) =>
              `${object}.${column}: ${rows} rows (key ${keys.join('; ') || 'unknown'}) with ${text}`,
          )
          .join('. '),
        value: left.reduce((sum, { rows }) => sum + rows, 0),
        limit: 0,
        unit: 'rows',
        setting: 'waivers',
        next: [...new Set(left.map(({ object, column, remedy }) => `${object}.${column}: ${remedy}`))].join('; '),
        waivable: { check: 'data', tables: [...new Set(left.map(({ object }) => object))] },
      });
    }),
  ];
};
