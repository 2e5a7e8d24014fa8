import type { Weights } from '../../ports/routing';
import { heartbeats } from '../lag-observation';
import { runningTask, type SwitchRun } from '../migration-run';
import type { Step } from '../step';
import { allTo } from './route';

const shareOf = (run: SwitchRun, percent: number): Weights => {
  if (percent === 100) return allTo(run.to.side);
  return run.to.side === 'target'
    ? { source: 100 - percent, target: percent }
    : { source: percent, target: 100 - percent };
};

/** Sends a share of the reads to the other side; its undo sends them back where they were before the first share. */
export const shiftReadsTo = (run: SwitchRun, percent: number): Step => {
  const { world, to, notes } = run;
  const records = world.manifest.routing.records.filter((record) => record.kind === 'read');
  return {
    title: `Send ${percent} % of the reads to the ${to.side}`,
    touches: `weights of ${records.map((record) => record.name).join(', ') || 'no record: none is declared as read'}`,
    act: async (perform, signal) => {
      if (!notes.weightsBefore) {
        const routes = await world.routing.read(signal);
        notes.weightsBefore = Object.fromEntries(
          routes.flatMap(({ record, weights }) => (record.kind === 'read' && weights ? [[record.name, weights]] : [])),
        );
      }
      const wanted = new Map(records.map((record) => [record.name, shareOf(run, percent)]));
      if (wanted.size === 0) return;
      await perform(world.routing.shift(`shift-reads-${percent}`, wanted));
      await perform(world.routing.recordWeights(`record-weights-reads-${percent}`, wanted));
    },
    undo: async (perform) => {
      const before = new Map(Object.entries(notes.weightsBefore ?? {}));
      if (before.size === 0) return;
      await perform(world.routing.shift('shift-reads-back', before));
      await perform(world.routing.recordWeights('record-weights-reads-back', before));
    },
  };
};

/** Waits until clients have followed and watches the lag meanwhile. */
export const bakeReads = (run: SwitchRun, percent: number): Step => {
  const { world, from, to, direction, notes } = run;
  const ttlSeconds = Math.max(...world.manifest.routing.records.map((record) => record.ttlSeconds));
  const seconds = world.manifest.timing.readShiftBakeSeconds + ttlSeconds;
  return {
    title: `Bake at ${percent} % for ${seconds} s`,
    touches: `heartbeat rows on the ${from.side}`,
    act: async (perform, signal) => {
      const task = await runningTask(world, direction, signal);
      await perform(
        heartbeats(
          world,
          { from, to, direction, task },
          seconds,
          () => undefined,
          (observation) => (notes.lag = observation),
        ),
      );
    },
  };
};
