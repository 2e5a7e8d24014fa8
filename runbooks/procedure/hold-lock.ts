import type { MigrationLock } from '../ports/lock';
import type { Clock } from '../ports/clock';
import type { LockReading } from '../ports/lock';
import { StaleEpochError } from '../ports/failures';
import { GateRefusal } from './gate-refusal';

/** The lock while this run holds it; `signal` ends when somebody else has taken it over. */
export interface HeldLock {
  readonly epoch: number;
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** Refused, with who holds the lock and since when; one that gives no sign of life any longer may be taken over. */
export function lockHeld({ holder }: LockReading, nowMilliseconds: number, leaseSeconds: number): GateRefusal {
  const silentSeconds = (nowMilliseconds - Date.parse(holder?.renewedAt ?? '')) / 1000;
  const isSilent = silentSeconds > leaseSeconds;
  const who = `${holder?.name ?? 'somebody'} has been running ${holder?.verb ?? 'a runbook'} since ${holder?.takenAt ?? 'an unknown time'}`;
  return new GateRefusal([
    {
      code: 'lock-held',
      text: `${who} (last sign of life ${holder?.renewedAt ?? 'unknown'}${isSilent ? `, ${Math.round(silentSeconds)} s ago; allowed are ${leaseSeconds} s: if that process is dead, cutover resume takes over` : '; wait for it to end'})`,
      value: holder?.name,
      next: isSilent ? 'cutover resume' : 'cutover status',
    },
  ]);
}

/** Takes the lock and keeps renewing it. Taking over a held one is the explicit act of `resume` and `abort`. */
export async function holdLock(
  lock: MigrationLock,
  clock: Clock,
  wish: { runId: string; verb: string; takeOver: boolean; leaseSeconds: number },
  signal: AbortSignal,
): Promise<HeldLock> {
  const attempt = await lock.take(wish, signal);
  if (!attempt.taken) throw lockHeld(attempt.reading, clock.nowMilliseconds(), wish.leaseSeconds);

  const lost = new AbortController();
  const stop = new AbortController();
  const renewing = (async () => {
    for (;;) {
      await clock.sleep((wish.leaseSeconds * 1000) / 3, stop.signal);
      // An unreachable store says nothing about the lock: the databases refuse a stale epoch by themselves.
      const ours = await lock.renew(stop.signal).catch(() => true);
      if (!ours) return lost.abort(new StaleEpochError('another operator has taken this migration over'));
    }
  })().catch(() => undefined);
  return {
    epoch: attempt.epoch,
    signal: lost.signal,
    release: async () => {
      stop.abort();
      await renewing;
      if (!lost.signal.aborted) await lock.release(AbortSignal.timeout(10_000));
    },
  };
}
