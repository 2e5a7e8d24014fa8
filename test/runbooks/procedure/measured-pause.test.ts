import type { SwitchNotes, SwitchRun } from '../../../runbooks/procedure/migration-run';
import { pauseRoomGate } from '../../../runbooks/procedure/gates/pause-gate';
import { measuredPause } from '../../../runbooks/procedure/measured-pause';
import { measuredBudget, unwindAfterSeconds } from '../../../runbooks/procedure/pause-parts';
import { pauseWithin } from '../../../runbooks/procedure/write-pause-budget';
import { simulatedManifest } from '../simulation/simulated-manifest';
import { FakeClock } from './fakes';

const budget = { maxWritePauseSeconds: 20, undoSeconds: 3, ttlSeconds: 1, propagationSeconds: 3 };
const never = new AbortController().signal;
const gates = {
  ...simulatedManifest.gates,
  maxWritePauseSeconds: 20,
  undoReserveSeconds: 3,
  maxMarkerRoundTripSeconds: 5,
};
const runWith = (notes: Partial<SwitchNotes>) =>
  ({ notes, world: { manifest: { ...simulatedManifest, gates } } }) as unknown as SwitchRun;

describe('the deadline of a write pause', () => {
  it('keeps back what was measured, and never less than the definition says', () => {
    expect(unwindAfterSeconds(measuredBudget(budget, {}))).toBe(13);
    expect(unwindAfterSeconds(measuredBudget(budget, { undoSeconds: 1, ttlSeconds: 0, propagationSeconds: 1 }))).toBe(
      13,
    );
    expect(unwindAfterSeconds(measuredBudget(budget, { undoSeconds: 5, ttlSeconds: 2, propagationSeconds: 6 }))).toBe(
      7,
    );
  });

  it('comes nearer while the pause lasts, when a step shows that undoing will take longer', async () => {
    const clock = new FakeClock();
    let undoSeconds = 0;
    const pause = pauseWithin(clock, budget)(() => ({ undoSeconds }));
    await clock.sleep(2_000, never);
    undoSeconds = 10;
    pause.measureAgain();
    await clock.sleep(3_500, never);
    expect(pause.signal.aborted).toBe(false);
    await clock.sleep(1_000, never);
    expect(pause.signal.aborted).toBe(true);
    expect((pause.signal.reason as Error).message).toMatch(
      /not decided 6 s after the fence .* undo 10 − TTL 1 − propagation 3/,
    );
  });

  it('is computed from the slowest effect, the readings of Route 53, TTL and propagation of this run', () => {
    const notes = {
      effectMilliseconds: 1_000,
      routeReadMilliseconds: 500,
      ttlSeconds: 2,
      propagationMilliseconds: 7_000,
    };
    expect(measuredPause(runWith(notes))).toEqual({ undoSeconds: 6, ttlSeconds: 2, propagationSeconds: 7 });
  });

  it('keeps back what the last unwinding took, but not so much that no switch is possible any more', () => {
    expect(measuredPause(runWith({ undoMilliseconds: 6_000 })).undoSeconds).toBe(6);
    const { undoSeconds = 0 } = measuredPause(runWith({ undoMilliseconds: 600_000 }));
    expect(20 - undoSeconds - 1 - 1).toBe(gates.maxMarkerRoundTripSeconds);
  });

  it('is refused before the fence where a drain has no room', async () => {
    expect(await pauseRoomGate(runWith({})).ask(never)).toMatchObject({ answer: 'yes' });
    expect(await pauseRoomGate(runWith({ propagationMilliseconds: 13_000 })).ask(never)).toMatchObject({
      answer: 'no',
      reason: { code: 'pause-leaves-no-room', value: 3, limit: 5, setting: 'gates.maxWritePauseSeconds' },
    });
  });
});
