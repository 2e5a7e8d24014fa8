import { budgetOf } from '../budget-of';
import { no, safety, yes, type Gate } from '../gate';
import { measuredPause } from '../measured-pause';
import type { SwitchRun } from '../migration-run';
import { budgetText, measuredBudget, unwindAfterSeconds } from '../pause-parts';

/** A fence that would be unwound before a marker can come through costs a pause for nothing. */
export const pauseRoomGate = (run: SwitchRun): Gate =>
  safety('The write pause leaves room for a drain, by what was measured', async () => {
    const { manifest } = run.world;
    const budget = measuredBudget(budgetOf(manifest), measuredPause(run));
    const room = unwindAfterSeconds(budget);
    const needed = manifest.gates.maxMarkerRoundTripSeconds;
    const text = `${room.toFixed(1)} s are left after the fence (${budgetText(budget)}), a marker may take ${needed} s`;
    if (room >= needed) return yes(text);
    return no({
      code: 'pause-leaves-no-room',
      text: `${text}: the run would be unwound at once`,
      value: Number(room.toFixed(1)),
      limit: needed,
      unit: 's',
      setting: 'gates.maxWritePauseSeconds',
      next: 'cutover check',
    });
  });
