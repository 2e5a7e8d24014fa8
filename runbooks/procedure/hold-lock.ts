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

const held = (reading: LockReading) =>
  new GateRefusal([
    {
      code: 'lock-held',
      text: `${reading.holder?.name ?? 'somebody'} has been running ${reading.holder?.verb ?? 'a runbook'} since ${reading.holder?.takenAt ?? 'an unknown time'} (last sign of life ${reading.holder?.renewedAt ?? 'unknown'})`,
      value: reading.holder?.name,
      next: 'wait for it to end; if that process is dead: cutover resume, or cutover abort',
    },
  ]);

/** Takes the lock and keeps renewing it. Taking over a held one is the explicit act of `resume` and `abort`. */
export async function holdLock(
  lock: MigrationLock,
  clock: Clock,
  wish: { runId: string; verb: string; takeOver: boolean; leaseSeconds: number },
  signal: AbortSignal,
): Promise<HeldLock> {
  const attempt = await lock.take(wish, signal);
  if (!attempt.taken) throw held(attempt.reading);

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
