import type { World } from '../../ports/world';
import { DeadlineError, within, until } from '../deadline';
import { heartbeats } from '../lag-observation';
import { runningTask, type SwitchRun } from '../migration-run';
import type { Step } from '../step';

const propagationPollMilliseconds = 1_000;

/** Lag, watched for the whole window just before anything is touched. */
export const watchLag = (run: SwitchRun, seconds = run.world.manifest.gates.lagWindowSeconds): Step => {
  const { world, from, to, direction, notes, reporter } = run;
  return {
    title: `Watch the lag ${direction} for ${seconds} s`,
    touches: `heartbeat rows on the ${from.side}`,
    act: async (perform, signal) => {
      const task = await runningTask(world, direction, signal);
      await perform(
        heartbeats(
          world,
          { from, to, direction, task },
          seconds,
          (milliseconds) =>
            reporter.report({
              type: 'progress',
              text: `heartbeat ${milliseconds} ms`,
              data: { heartbeatMilliseconds: milliseconds },
            }),
          (observation) => (notes.lag = observation),
        ),
      );
    },
  };
};

/**
 * How long Route 53 takes, by the batch with which this run took its number. Nobody waits for it: where it has not arrived
 * before the fence, the definition's figure holds.
 */
export const watchPropagation = ({ world, notes }: SwitchRun): Step => ({
  title: 'Measure how long Route 53 takes to reach its servers',
  touches: 'nothing',
  act: async (_perform, signal) => {
    const began = world.clock.nowMilliseconds();
    if (await world.routing.isInSync(signal)) return;
    void until(world.clock, propagationPollMilliseconds, signal, () => world.routing.isInSync(signal)).then(
      () => (notes.propagationMilliseconds = world.clock.nowMilliseconds() - began),
      () => undefined,
    );
  },
});

/** One marker through replication, while everything still runs. */
export const sendMarker = (run: SwitchRun): Step => {
  const { world, from, notes } = run;
  return {
    title: `Send a marker through replication ${run.direction}`,
    touches: `a marker row on the ${from.side}`,
    act: async (perform, signal) => {
      const started = world.clock.nowMilliseconds();
      // One that does not come is a matter of the gate that follows, which names value, limit and setting.
      await markerThrough(run, world, perform, signal, world.manifest.gates.maxMarkerRoundTripSeconds * 2).catch(
        (error: unknown) => {
          if (!(error instanceof DeadlineError)) throw error;
        },
      );
      notes.markerMilliseconds = world.clock.nowMilliseconds() - started;
    },
  };
};

/** Writes a marker on `from` and waits until it is seen on `to`: all that was committed before it is then applied. */
export async function markerThrough(
  run: Pick<SwitchRun, 'from' | 'to' | 'direction'>,
  world: World,
  perform: Parameters<Step['act']>[0],
  signal: AbortSignal,
  timeoutSeconds: number,
): Promise<void> {
  const nonce = world.nonces.next();
  await perform(run.from.flow.writeMarker(run.direction, nonce));
  await within(
    world.clock,
    timeoutSeconds,
    `the marker from the ${run.from.side} to the ${run.to.side}`,
    signal,
    (inner) => until(world.clock, 10, inner, () => run.to.flow.markerSeen(run.direction, nonce, inner)),
  );
}
