import type { Effect } from '../../ports/effect';
import { staleEpoch, standingEpoch } from '../database/epoch';
import { effectOn, noGuard } from '../database/side';
import { epochLock, type Statement } from './effect-connection';
import type { PostgresSide } from './postgres-side';
import { tagPrefix } from './tag';

const pollMilliseconds = 20;

/** Sessions tagged with an epoch below $2, by whatever account: $1 is the prefix of this migration's tags. */
const lowerSessions = `SELECT a.pid FROM pg_stat_activity a
  WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND starts_with(a.application_name, $1)
    AND CASE WHEN substr(a.application_name, length($1) + 1) ~ '^[0-9]+:'
             THEN split_part(substr(a.application_name, length($1) + 1), ':', 1)::numeric < $2 END`;

/** Ends what carries a lower epoch, proves it gone, then raises the number: from then on the database refuses it. */
export function raiseEpoch(side: PostgresSide, epoch: number): Effect {
  const prefix = tagPrefix(side.migration);
  const standing = async (signal: AbortSignal) => {
    const sql = 'SELECT epoch FROM cutover_local.state WHERE migration = $1';
    const [row] = await side.reading.rowsIfMade(sql, [side.migration], signal);
    return standingEpoch(side, row?.['epoch']);
  };
  const refuseLower = (present: number) => {
    if (present > epoch) throw staleEpoch(side, present, epoch);
  };

  return effectOn(side, 'raise-epoch', {
    touches: `epoch ${epoch} in cutover_local.state on the ${side.title}; sessions of lower epochs are ended`,
    precheck: async (signal) => (await standing(signal)) === epoch,
    act: async (effects, signal) => {
      refuseLower(await standing(signal));
      for (;;) {
        const ended = await effects.transaction(
          signal,
          (statement) => statement(`SELECT pg_terminate_backend(s.pid) FROM (${lowerSessions}) s`, [prefix, epoch]),
          noGuard,
        );
        if (ended.length === 0) break;
        await side.clock.sleep(pollMilliseconds, signal);
      }
      await effects.transaction(
        signal,
        async (statement: Statement) => {
          // Effects that cannot lock the row hold this lock, shared.
          await statement(`SELECT pg_advisory_xact_lock(${epochLock})`);
          const [row] = await statement('SELECT epoch::text FROM cutover_local.state WHERE migration = $1 FOR UPDATE', [
            side.migration,
          ]);
          refuseLower(Number(row?.['epoch']));
          await statement(
            'UPDATE cutover_local.state SET epoch = $2, changed_at = clock_timestamp() WHERE migration = $1',
            [side.migration, epoch],
          );
        },
        noGuard,
      );
    },
    verify: async (signal) => (await standing(signal)) === epoch,
  });
}
