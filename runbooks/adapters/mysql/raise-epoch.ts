import type { Effect } from '../../ports/effect';
import { staleEpoch, standingEpoch } from '../database/epoch';
import { effectOn, noGuard } from '../database/side';
import type { EffectConnection } from './effect-connection';
import { endSession } from './end-session';
import type { MysqlSide } from './mysql-side';

const pollMilliseconds = 20;

/**
 * Sessions of lower epochs that live: each holds its own user-level lock until the server has cleared it away. An id whose
 * session does not hold it was given to somebody else.
 */
const livingLower = `SELECT connection_id AS id FROM cutover_local.effect_session
  WHERE migration = ? AND epoch < ? AND connection_id <> CONNECTION_ID() AND IS_USED_LOCK(lock_name) = connection_id`;

/**
 * Ends what carries a lower epoch, proves it gone, raises the number, and looks again. What had registered itself, and
 * seen the old number, just before it was raised is found by the second look: account statements and DDL commit by
 * themselves, so only the end of its session keeps a stale run from them.
 */
export function raiseEpoch(side: MysqlSide, epoch: number): Effect {
  const { migration } = side;
  const standing = async (signal: AbortSignal) => {
    const sql = 'SELECT epoch FROM cutover_local.state WHERE migration = ?';
    const [row] = await side.reading.rowsIfMade(sql, [migration], signal);
    return standingEpoch(side, row?.['epoch']);
  };
  const refuseLower = (present: number) => {
    if (present > epoch) throw staleEpoch(side, present, epoch);
  };
  const endLower = async (effects: EffectConnection, signal: AbortSignal) => {
    const endOnce = () =>
      effects.statements(
        signal,
        async (statement) => {
          const living = await statement(livingLower, [migration, epoch]);
          for (const { id } of living) await endSession(statement, id as string);
          return living.length;
        },
        noGuard,
      );
    while ((await endOnce()) > 0) await side.clock.sleep(pollMilliseconds, signal);
  };

  return effectOn(side, 'raise-epoch', {
    touches: `epoch ${epoch} in cutover_local.state on the ${side.title}; sessions of lower epochs are ended`,
    precheck: async (signal) => (await standing(signal)) === epoch && !(await hasLower(side, epoch, signal)),
    act: async (effects, signal) => {
      refuseLower(await standing(signal));
      await endLower(effects, signal);
      await effects.transaction(
        signal,
        async (statement) => {
          const [row] = await statement('SELECT epoch FROM cutover_local.state WHERE migration = ? FOR UPDATE', [
            migration,
          ]);
          refuseLower(Number(row?.['epoch']));
          await statement('UPDATE cutover_local.state SET epoch = ?, changed_at = SYSDATE(6) WHERE migration = ?', [
            epoch,
            migration,
          ]);
        },
        noGuard,
      );
      await endLower(effects, signal);
      await effects.transaction(
        signal,
        (statement) =>
          statement('DELETE FROM cutover_local.effect_session WHERE migration = ? AND epoch < ?', [migration, epoch]),
        noGuard,
      );
    },
    verify: async (signal) => (await standing(signal)) === epoch && !(await hasLower(side, epoch, signal)),
  });
}

const hasLower = async (side: MysqlSide, epoch: number, signal: AbortSignal): Promise<boolean> =>
  (await side.reading.rows(livingLower, [side.migration, epoch], signal)).length > 0;
