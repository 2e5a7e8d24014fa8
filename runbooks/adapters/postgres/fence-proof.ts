import type { Reason } from '../../ports/reason';
import { outsiderSessions, outsiderValues, startingBackends, unlockedOutsiders } from './accounts';
import { whyLoginIsNotRefused } from './login-probe';
import type { PostgresSide } from './postgres-side';

const pollMilliseconds = 20;

/** What the server itself shows: nobody is in, nobody is coming in, nothing waits to be committed. */
async function whyNotQuiet(
  side: PostgresSide,
  starting: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Reason | undefined> {
  const { reading } = side;
  const values = outsiderValues(side);
  const unlocked = await reading.rows(unlockedOutsiders, values, signal);
  if (unlocked.length > 0)
    return {
      code: 'account-not-locked',
      text: `${unlocked.map((row) => row['account']).join(', ')} can still log in to the ${side.title}`,
      value: unlocked.length,
      limit: 0,
    };
  // Backends first, sessions second: who finishes logging in between the two is seen by the second.
  const coming = (await reading.rows(startingBackends, [], signal)).filter((row) => starting.has(row['backend'] ?? ''));
  const sessions = await reading.rows(outsiderSessions, values, signal);
  const writing = sessions.find((row) => row['writing'] === 'true');
  if (writing)
    return {
      code: 'transaction-under-fence',
      text: `${writing['account']} has a transaction under way on the ${side.title} that began before the fence (pid ${writing['pid']})`,
      value: sessions.length,
      limit: 0,
      next: `SELECT pg_terminate_backend(${writing['pid']})`,
    };
  const session = sessions[0];
  if (session)
    return {
      code: 'session-under-fence',
      text: `${sessions.length} sessions are left on the ${side.title}, one of ${session['account']} (pid ${session['pid']})`,
      value: sessions.length,
      limit: 0,
      next: `SELECT pg_terminate_backend(${session['pid']})`,
    };
  if (coming[0])
    return {
      code: 'login-under-fence',
      text: `a login that began before the fence is not finished on the ${side.title} (pid ${coming[0]['backend']?.split(' ')[0]})`,
      value: coming.length,
      limit: 0,
      next: 'wait for it; authentication_timeout of the server ends it',
    };
  const prepared = await reading.rows(
    'SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared',
    [],
    signal,
  );
  if (prepared[0])
    return {
      code: 'prepared-transaction',
      text: `prepared transaction ${prepared[0]['gid']} waits on the ${side.title}: it can be committed at any time`,
      value: prepared.length,
      limit: 0,
      next: 'COMMIT PREPARED or ROLLBACK PREPARED, by its owner',
    };
  return undefined;
}

/** Asks until there is no reason; when the time is over, the one that still stands is the answer. */
async function whyStill(
  side: PostgresSide,
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
      await side.clock.sleep(pollMilliseconds, signal);
    }
  } catch (error) {
    if (signal.aborted && isTimeOver(signal.reason)) return last;
    throw error;
  }
}

/** See the port. */
export function whyNotFenced(side: PostgresSide, signal: AbortSignal): Promise<Reason | undefined> {
  let starting: ReadonlySet<string> | undefined;
  return whyStill(side, signal, async () => {
    starting ??= new Set((await side.reading.rows(startingBackends, [], signal)).map((row) => row['backend'] ?? ''));
    return (
      (await whyNotQuiet(side, starting, signal)) ??
      (await whyLoginIsNotRefused(side, signal)) ??
      // Once more: between census and login somebody may have been let in by hand.
      (await whyNotQuiet(side, starting, signal))
    );
  });
}

/** See the port. Who is only logging in now is refused by the lock that stands. */
export const whyNotClosed = (side: PostgresSide, signal: AbortSignal): Promise<Reason | undefined> =>
  whyStill(side, signal, () => whyNotQuiet(side, new Set(), signal));

/** Time over and operator's interruption come through the same signal; only the first has an answer. */
const isTimeOver = (reason: unknown): boolean =>
  ['TimeoutError', 'DeadlineError'].includes((reason as { name?: string } | undefined)?.name ?? '');
