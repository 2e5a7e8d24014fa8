import { epochMilliseconds, pause } from './clock';
import type { Side } from './configuration';
import type { LedgerWriter } from './ledger';
import { Session, type SessionOptions } from './session';

const COMMIT_EVERY_MILLISECONDS = 30;
/** A refused login takes about 8 ms of a core: not so often that the probes slow down what they observe. */
const RETRY_WHILE_MOVING_MILLISECONDS = 100;
const RETRY_AT_REST_MILLISECONDS = 400;
/** How long after a side lost or gained writers the probes try hard. */
const MOVING_MILLISECONDS = 10_000;

/** Something changed at a side as its probe saw it, so both probes try hard for a while. */
export class ProbeAlarm {
  private until = 0;

  raise(): void {
    this.until = epochMilliseconds() + MOVING_MILLISECONDS;
  }

  retryMilliseconds(): number {
    return epochMilliseconds() < this.until ? RETRY_WHILE_MOVING_MILLISECONDS : RETRY_AT_REST_MILLISECONDS;
  }
}

/** A connection of a stubborn client. */
export interface Prober {
  readonly broken: boolean;
  /** Commits one row; gives what the engine knows the transaction by. */
  commit(): Promise<string | null | undefined>;
  close(): void;
}

/** Logs in to a PostgreSQL side. */
export const postgresProber = (connection: SessionOptions) => async (): Promise<Prober> => {
  const session = await Session.open(connection);
  const sql = 'INSERT INTO rehearsal_probe.attempts DEFAULT VALUES RETURNING pg_current_xact_id()::text';
  return {
    get broken() {
      return session.broken;
    },
    commit: async () => (await session.run(sql, [], 'probe')).rows[0]?.[0],
    close: () => session.close(),
  };
};

/**
 * A stubborn client of one side: it ignores DNS, logs in as a write account straight to that side and commits rows there
 * as often as it is let. What it manages to commit shows when the side really accepted writes.
 */
export async function probe(
  side: Side,
  open: () => Promise<Prober>,
  alarm: ProbeAlarm,
  ledger: LedgerWriter,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const session = await open();
      alarm.raise();
      await commitWhilePossible(session, side, ledger, signal);
      alarm.raise();
    } catch {
      // Refused, as a fenced side must.
    }
    await pause(alarm.retryMilliseconds(), signal);
  }
}

async function commitWhilePossible(
  session: Prober,
  side: Side,
  ledger: LedgerWriter,
  signal: AbortSignal,
): Promise<void> {
  try {
    while (!signal.aborted && !session.broken) {
      const xid = await session.commit();
      if (xid) ledger.write({ kind: 'probe', side, xid, at: epochMilliseconds() });
      await pause(COMMIT_EVERY_MILLISECONDS, signal);
    }
  } finally {
    session.close();
  }
}
