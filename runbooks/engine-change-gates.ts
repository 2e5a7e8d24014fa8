/** What stands on the sides for an engine change alone, as gates of a procedure. */
import { intervalTriggers, standingIntervalTriggers } from '../definition/replication/interval-triggers';
import type { World } from './ports/world';
import { no, safety, yes, type Gate } from './procedure/gate';

/** Without its trigger an interval is not filled on the way there, and what is written into it does not come back. */
const intervalGate = (world: World): Gate =>
  safety('The target keeps its intervals beside their microseconds', async (signal) => {
    const wanted = intervalTriggers(world.manifest.tables.transformations ?? []);
    if (wanted.length === 0) return yes('none are declared');
    const values = [wanted.map(({ name }) => name), wanted.map(({ body }) => body), wanted.map(({ table }) => table)];
    const rows = await world.sides.target.reader.query(standingIntervalTriggers, values, signal);
    const standing = new Set(rows.map((row) => row['name']));
    const missing = wanted.filter(({ name }) => !standing.has(name));
    if (missing.length === 0) return yes(`${wanted.length} by generated triggers`);
    return no({
      code: 'interval-trigger-missing',
      text: `no trigger of the target keeps ${missing.map(({ table, column, to }) => `${table}.${to} equal to ${column}`).join(', ')}`,
      value: missing.length,
      limit: 0,
      unit: 'triggers',
      setting: 'transformations',
      next: missing.map(({ sql }) => sql).join(''),
    });
  });

/** Asked before rows are loaded and before every switch. */
export const engineChangeSafety = (world: World): Gate[] => [intervalGate(world)];
