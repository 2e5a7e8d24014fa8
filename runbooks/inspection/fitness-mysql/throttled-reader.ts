import type { Clock } from '../../ports/clock';
import type { SqlReader } from '../../ports/sql-reader';

/**
 * Between two statements the server is left alone so long that reading takes `percent` (1..100) of the time. The rest comes
 * before the next statement: an interruption meanwhile takes no answer away.
 */
export function throttledReader(reader: SqlReader, percent: number, clock: Clock): SqlReader {
  let restMilliseconds = 0;
  return {
    async query(sql, values, signal) {
      if (restMilliseconds > 0) await clock.sleep(restMilliseconds, signal);
      const began = clock.nowMilliseconds();
      try {
        return await reader.query(sql, values, signal);
      } finally {
        restMilliseconds = ((clock.nowMilliseconds() - began) * (100 - percent)) / percent;
      }
    },
  };
}
