import type { Clock } from '../../ports/clock';
import type { SqlReader } from '../../ports/sql-reader';

/** After each statement the server is left alone so long that reading takes `percent` (1..100) of the time. */
export function throttledReader(reader: SqlReader, percent: number, clock: Clock): SqlReader {
  return {
    async query(sql, values, signal) {
      const began = clock.nowMilliseconds();
      const rows = await reader.query(sql, values, signal);
      const rest = ((clock.nowMilliseconds() - began) * (100 - percent)) / percent;
      if (rest > 0) await clock.sleep(rest, signal);
      return rows;
    },
  };
}
