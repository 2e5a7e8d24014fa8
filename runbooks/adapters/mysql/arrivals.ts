import type { Arrivals } from '../../ports/arrivals';
import { arrivalsOn, longAgoSeconds } from '../database/arrivals';
import { dmsTable } from './dms-table';
import { milliseconds } from './moments';
import type { MysqlSide } from './mysql-side';
import { everyProcess } from './processes';

export const arrivals = (side: MysqlSide): Arrivals =>
  arrivalsOn(side, {
    milliseconds,
    statusTable: (signal) => dmsTable(side, 'awsdms_status', signal),
    // SOURCE_TIMESTAMP_APPLIED: commit time of the last transaction applied, without a zone, in UTC (DMS guide,
    // "Control table task settings").
    newestApplied: (table) => `(SELECT MAX(source_timestamp_applied) FROM ${table} WHERE task_name IN (?))`,

    quietSeconds: async (signal) => {
      const others = side.manifest.accounts.allowed.filter((name) => name !== side.account);
      if (others.length === 0) return longAgoSeconds;
      const found = (await everyProcess(side, signal))
        .filter(({ account }) => others.includes(account))
        // Who reads this side's binlog brings nothing here.
        .filter(({ command }) => !command.startsWith('Binlog Dump'));
      if (found.some(({ command }) => command !== 'Sleep')) return undefined;
      return found.length === 0 ? longAgoSeconds : Math.min(...found.map(({ seconds }) => seconds));
    },
  });
