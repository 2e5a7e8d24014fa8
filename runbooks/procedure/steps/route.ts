import type { SideName } from '../../../definition/manifest/sections';
import type { Weights } from '../../ports/routing';
import type { World } from '../../ports/world';
import type { SwitchRun } from '../migration-run';
import type { Step } from '../step';

/** All or nothing: a write record is never split. */
export const allTo = (side: SideName): Weights =>
  side === 'source' ? { source: 255, target: 0 } : { source: 0, target: 255 };

const everyRecordTo = (world: World, side: SideName): Map<string, Weights> =>
  new Map(world.manifest.routing.records.map((record) => [record.name, allTo(side)]));

/** Sends every record to `to` while it is still fenced: DNS travels while the drain is proven. */
export const startRoute = ({ world, to, notes }: SwitchRun): Step => ({
  title: `Send the records to the ${to.side}`,
  touches: `weights of ${world.manifest.routing.records.map((record) => record.name).join(', ')}`,
  part: 'route',
  act: (perform) => {
    const shift = world.routing.shift(`route-to-${to.side}`, everyRecordTo(world, to.side));
    notes.routeUntouched = true;
    return perform({
      name: shift.name,
      touches: shift.touches,
      precheck: (signal) => shift.precheck(signal),
      act: (signal) => {
        notes.routeUntouched = false;
        return shift.act(signal);
      },
      verify: (signal) => shift.verify(signal),
    });
  },
  undo: async (perform) => {
    // Route 53 may be what is out of reach: it is not asked to put back what was never sent.
    if (!notes.weightsBefore || notes.routeUntouched) return;
    const before = new Map(Object.entries(notes.weightsBefore));
    await perform(world.routing.shift('route-back', before));
    await perform(world.routing.recordWeights('record-weights-back', before));
  },
});

/** After the decision: the next deploy must find the weights where the switch has put them. */
export const recordRoute = ({ world, to }: SwitchRun): Step => ({
  title: 'Tell SSM the new weights, so that no deploy moves them',
  touches: 'weight parameters',
  act: (perform) => perform(world.routing.recordWeights(`record-weights-${to.side}`, everyRecordTo(world, to.side))),
});

/** Beside the pause: Route 53's own servers all agree. Late is a warning, never a reason to go back. */
export const letRouteSettle = ({ world, reporter }: SwitchRun): Step => ({
  title: 'Wait until every name server answers alike',
  touches: 'nothing',
  act: async (_perform, signal) => {
    const deadline = world.clock.nowMilliseconds() + world.manifest.gates.maxPropagationSeconds * 2000;
    const isInSync = () =>
      world.routing.isInSync(signal).catch(() => {
        signal.throwIfAborted();
        return false;
      });
    while (!(await isInSync())) {
      if (world.clock.nowMilliseconds() > deadline) {
        reporter.report({
          type: 'message',
          code: 'route-not-in-sync',
          level: 'warning',
          text: 'Route 53 has not reported INSYNC in time; the write gates keep every write on one side meanwhile',
        });
        return;
      }
      await world.clock.sleep(250, signal);
    }
  },
});
