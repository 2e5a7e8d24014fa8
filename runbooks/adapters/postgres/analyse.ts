import type { Effect } from '../../ports/effect';
import { tablesWithoutStatistics } from './fitness';
import { migratedTables } from './migrated-tables';
import { effectOn } from '../database/side';
import type { PostgresSide } from './postgres-side';

/** Before PostgreSQL 15 the statistics collector hears of an ANALYZE within half a second, not at once. */
const collectorPolls = 20;
const pollMilliseconds = 100;

/** Statistics do not travel through replication. One transaction per table, so that none is held up by another. */
export function analyse(side: PostgresSide): Effect {
  return effectOn(side, 'analyse', {
    touches: `planner statistics of the migrated tables on the ${side.title}`,
    act: async (effects, signal) => {
      for (const { quoted } of await migratedTables(side, signal))
        await effects.transaction(signal, (statement) => statement(`ANALYZE ${quoted}`));
    },
    verify: async (signal) => {
      for (let poll = 0; poll < collectorPolls; poll += 1) {
        if ((await tablesWithoutStatistics(side, signal)).length === 0) return true;
        await side.clock.sleep(pollMilliseconds, signal);
      }
      return false;
    },
  });
}
