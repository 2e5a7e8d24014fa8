import { wordsOf } from '../engine-words/words-of';
import { messageOf } from '../journal';
import { heartbeats } from '../lag-observation';
import { returnTask, rowOf, runningTask, tasksOf, type SwitchRun } from '../migration-run';
import { opposite } from '../situation';
import type { Step } from '../step';
import { markerThrough } from './measure';
import { stopTasks } from './stop-tasks';

/** The old direction must be down before the new one runs, else it would carry back what the new one brings. */
export const stopOldDirection = ({ world, direction }: SwitchRun): Step =>
  stopTasks(`Stop replication ${direction}`, tasksOf(world, direction));

export const startReturn = (run: SwitchRun): Step => {
  const { world, direction, notes } = run;
  const task = returnTask(world, direction);
  return {
    title: `Start replication ${opposite(direction)} from the fixed position`,
    touches: task.identifier,
    done: async (signal) => (await task.read(signal)).status === 'running',
    act: (perform) =>
      perform(
        task.startFrom(() => {
          if (!notes.nextPosition)
            throw new Error('the position of the way back is not known; it stands in cutover_local.state');
          return notes.nextPosition;
        }),
      ),
  };
};

/** Caught up: from here on a rollback loses nothing. Said with a time. */
export const rollbackReady = (run: SwitchRun): Step => {
  const { world, from, to, direction, notes, reporter } = run;
  return {
    title: `Wait until the ${from.side} has caught up: rollback ready`,
    touches: `a marker row on the ${to.side}`,
    act: async (perform, signal) => {
      const back = { from: to, to: from, direction: opposite(direction) };
      await markerThrough(back, world, perform, signal, world.manifest.timing.taskTimeoutSeconds);
      notes.rollbackReadyAtMilliseconds = await to.flow.engineClockMilliseconds(signal);
      await perform(to.control.writeState(rowOf(run, 'steady', to.side)));
      await perform(from.control.writeState(rowOf(run, 'steady', to.side)));
      const until = new Date((notes.openedAtMilliseconds ?? 0) + world.manifest.timing.rollbackWindowSeconds * 1000);
      reporter.report({
        type: 'message',
        code: 'rollback-ready',
        level: 'info',
        text: `rollback ready; the window lasts until ${until.toISOString()}`,
      });
    },
  };
};

/**
 * What the old direction kept the log for is over. A slot that another reader has taken meanwhile is in use, and stays.
 */
export const dropOldSlot = ({ world, from, direction, notes, reporter }: SwitchRun): Step => {
  const { forwardSlot, reverseSlot } = world.manifest.replication;
  const old = () => (direction === 'forward' ? [forwardSlot, ...(notes.loadSlots ?? [])] : [reverseSlot]);
  const words = wordsOf(world.manifest, from.side);
  return {
    title: `${words.drop} the ${words.positions} of the old direction on the ${from.side}`,
    touches: `${words.positions} of ${direction} replication${direction === 'forward' && words.positionsKeepLog ? ', that of the load task included' : ''}`,
    act: async (perform, signal) => {
      for (const name of old())
        try {
          if (await from.slots.readSlot(name, signal)) await perform(from.slots.dropSlot(name));
        } catch (cause) {
          // It only costs disk; the switch itself stands.
          reporter.report({
            type: 'message',
            code: 'slot-left',
            level: 'warning',
            text: `${words.position(name)} is still there: ${messageOf(cause)}`,
          });
        }
    },
  };
};

/** Watches what was switched: replication back, its lag, the alarms. Reports; going back is a person's decision. */
export const bake = (run: SwitchRun): Step => {
  const { world, from, to, direction, reporter } = run;
  const { bakeSeconds } = world.manifest.timing;
  const back = { from: to, to: from, direction: opposite(direction) };
  return {
    title: `Bake for ${bakeSeconds} s`,
    touches: `heartbeat rows on the ${to.side}`,
    act: async (perform, signal) => {
      const task = await runningTask(world, back.direction, signal);
      let worst = 0;
      await perform(
        heartbeats(
          world,
          { ...back, task },
          bakeSeconds,
          (figure) => (worst = Math.max(worst, figure)),
          () => undefined,
        ),
      );
      const ringing = await world.surroundings.ringingAlarms(world.manifest.gates.alarmNames, signal);
      const stillRunning = await runningTask(world, back.direction, signal);
      const trouble = [
        ...(stillRunning ? [] : [`replication ${back.direction} has stopped`]),
        ...(worst > world.manifest.gates.maxLagSeconds * 1000 ? [`lag of the way back reached ${worst} ms`] : []),
        ...ringing.map((name) => `alarm ${name}`),
      ];
      for (const text of trouble)
        reporter.report({
          type: 'message',
          code: 'bake-trouble',
          level: 'warning',
          text: `${text}; consider cutover roll-back`,
        });
    },
  };
};
