import type { Arrival, Arrivals } from '../../ports/arrivals';
import { dmsTable } from './dms-table';
import type { MysqlSide } from './mysql-side';
import type { Value } from './client';
import { whereMissing } from './sql-error';
import { milliseconds } from './moments';
import { everyProcess } from './processes';

/** Without anybody from outside for so long, replication has nothing more to bring. Seconds. */
const longAgo = 3600;

export function arrivals(side: MysqlSide): Arrivals {
  const { reading, manifest } = side;
  const newestIn = async (sql: string, by: Arrival['by'], values: readonly Value[], signal: AbortSignal) => {
    const [row] = await whereMissing(reading.rows(`SELECT ${milliseconds(sql)} AS at`, values, signal), []);
    return row?.['at'] == null ? undefined : { by, atMilliseconds: Number(row['at']) };
  };

  return {
    newest: async (direction, signal) => {
      const { load, forward, reverse } = manifest.replication;
      const tasks = direction === 'forward' ? [load, forward] : [reverse];
      // DMS has named its tasks there by identifier and by the last part of the ARN.
      const names = tasks.flatMap(({ identifier, arn }) => [identifier, arn.split(':').at(-1) as string]);
      const status = await dmsTable(side, 'awsdms_status', signal);
      const found = await Promise.all([
        newestIn('(SELECT MIN(fenced_at) FROM cutover_local.fenced_account)', 'fence of this side', [], signal),
        newestIn(`(SELECT MAX(written_at) FROM cutover_flow.heartbeat_${direction})`, 'heartbeat', [], signal),
        newestIn(`(SELECT MAX(written_at) FROM cutover_flow.marker_${direction})`, 'marker', [], signal),
        // SOURCE_TIMESTAMP_APPLIED: commit time of the last transaction applied, without a zone, in UTC (DMS guide,
        // "Control table task settings").
        ...(status
          ? [
              newestIn(
                `(SELECT MAX(source_timestamp_applied) FROM ${status} WHERE task_name IN (?))`,
                'replicated transaction',
                [names],
                signal,
              ),
            ]
          : []),
      ]);
      return found
        .filter((each) => each !== undefined)
        .reduce<Arrival | undefined>((a, b) => (a && a.atMilliseconds >= b.atMilliseconds ? a : b), undefined);
    },

    quietSeconds: async (signal) => {
      const { allowed } = manifest.accounts;
      const others = allowed.filter((name) => name !== side.account);
      if (others.length === 0) return longAgo;
      const found = (await everyProcess(side, signal))
        .filter(({ account }) => others.includes(account))
        // Who reads this side's binlog brings nothing here.
        .filter(({ command }) => !command.startsWith('Binlog Dump'));
      if (found.some(({ command }) => command !== 'Sleep')) return undefined;
      return found.length === 0 ? longAgo : Math.min(...found.map(({ seconds }) => seconds));
    },
  };
}
