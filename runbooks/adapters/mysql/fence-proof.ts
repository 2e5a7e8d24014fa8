import type { Reason } from '../../ports/reason';
import { openOutsiders } from './accounts';
import { enabledEvents, titleOf } from './events';
import { whyLoginIsNotRefused } from './login-probe';
import type { MysqlSide } from './mysql-side';
import { quoted } from './names';
import { outsiderProcesses } from './processes';
import { preparedTransactions } from './sessions';
import { everyTransactionOf } from './transactions';

const pollMilliseconds = 20;
/**
 * The server renews what it shows of its transactions only when nobody has looked for 100 ms (MySQL 8.4 manual, 17.15.2.3
 * "Persistence and Consistency of InnoDB Transaction and Locking Information").
 */
const transactionsPollMilliseconds = 150;

/** Those of sessions show as sessions; without one, a transaction is being taken back after its session or the server died. */
const orphaned = async (side: MysqlSide, signal: AbortSignal): Promise<string[]> =>
  (await everyTransactionOf(side, signal))
    .filter(({ processId, hasWritten }) => processId === undefined && hasWritten)
    .map(({ id }) => id);

/** What the server itself shows: nobody is in, nobody is coming in, nothing waits to be committed. */
async function whyNotQuiet(
  side: MysqlSide,
  starting: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Reason | undefined> {
  const unlocked = await openOutsiders(side, signal);
  if (unlocked.length > 0)
    return {
      code: 'account-not-locked',
      text: `${unlocked.map(({ text }) => text).join(', ')} can still log in to the ${side.title}`,
      value: unlocked.length,
      limit: 0,
    };
  const events = await enabledEvents(side, signal);
  if (events[0])
    return {
      code: 'event-under-fence',
      text: `the server itself may still run the event ${events.map(titleOf).join(', ')} on the ${side.title}`,
      value: events.length,
      limit: 0,
      next: `ALTER EVENT ${quoted(events[0].schema)}.${quoted(events[0].name)} DISABLE`,
    };
  const sessions = await outsiderProcesses(side, signal);
  const session = sessions.outsiders[0];
  if (session)
    return {
      code: 'session-under-fence',
      text: `${sessions.outsiders.length} sessions are left on the ${side.title}, one of ${session.account} (connection ${session.id}${session.command === 'Killed' ? ', ended, its transaction is being taken back' : ''})`,
      value: sessions.outsiders.length,
      limit: 0,
      next: `KILL ${session.id} (RDS: CALL mysql.rds_kill(${session.id}))`,
    };
  const coming = sessions.starting.filter((id) => starting.has(id));
  if (coming[0])
    return {
      code: 'login-under-fence',
      text: `a login that began before the fence is not finished on the ${side.title} (connection ${coming[0]})`,
      value: coming.length,
      limit: 0,
      next: 'wait for it; connect_timeout of the server ends it',
    };
  const prepared = await preparedTransactions(side, signal);
  if (prepared[0])
    return {
      code: 'prepared-transaction',
      text: `XA transaction ${prepared[0]} waits on the ${side.title}: it can be committed at any time`,
      value: prepared.length,
      limit: 0,
      next: 'XA COMMIT or XA ROLLBACK, by its owner',
    };
  const left = await orphaned(side, signal);
  if (left[0])
    return {
      code: 'transaction-under-fence',
      text: `a transaction without a session is still being taken back on the ${side.title} (transaction ${left[0]})`,
      value: left.length,
      limit: 0,
      next: 'wait for its end',
    };
  return undefined;
}

/** Asks until there is no reason; when the time is over, the one that still stands is the answer. */
async function whyStill(
  side: MysqlSide,
  signal: AbortSignal,
  look: () => Promise<Reason | undefined>,
): Promise<Reason | undefined> {
  let last: Reason = {
    code: 'fence-unproven',
    text: `the fence of the ${side.title} could not be looked at in the time given`,
  };
  try {
    for (;;) {
      const standing = await look();
      if (!standing) return undefined;
      last = standing;
      const isOfTransactions = standing.code === 'transaction-under-fence';
      await side.clock.sleep(isOfTransactions ? transactionsPollMilliseconds : pollMilliseconds, signal);
    }
  } catch (error) {
    if (signal.aborted && isTimeOver(signal.reason)) return last;
    throw error;
  }
}

/** See the port. */
export function whyNotFenced(side: MysqlSide, signal: AbortSignal): Promise<Reason | undefined> {
  let starting: ReadonlySet<string> | undefined;
  return whyStill(side, signal, async () => {
    starting ??= new Set((await outsiderProcesses(side, signal)).starting);
    return (
      (await whyNotQuiet(side, starting, signal)) ??
      (await whyLoginIsNotRefused(side, signal)) ??
      // Once more: between census and login somebody may have been let in by hand.
      (await whyNotQuiet(side, starting, signal))
    );
  });
}

/** See the port. Who is only logging in now is refused by the lock that stands. */
export const whyNotClosed = (side: MysqlSide, signal: AbortSignal): Promise<Reason | undefined> =>
  whyStill(side, signal, () => whyNotQuiet(side, new Set(), signal));

/** Time over and operator's interruption come through the same signal; only the first has an answer. */
const isTimeOver = (reason: unknown): boolean =>
  ['TimeoutError', 'DeadlineError'].includes((reason as { name?: string } | undefined)?.name ?? '');
