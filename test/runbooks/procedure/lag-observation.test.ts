import { heartbeats, type LagObservation } from '../../../runbooks/procedure/lag-observation';
import type { Database } from '../../../runbooks/ports/database';
import type { World } from '../../../runbooks/ports/world';
import { simulatedManifest } from '../simulation/simulated-manifest';

/** Heartbeats that take `lagMilliseconds` to arrive, some of them from somebody else who watches at the same time. */
function sides(lagMilliseconds: number) {
  let now = 0;
  let next = 300;
  const written: number[] = [];
  const reading = (count: number) => (count === 0 ? undefined : { sequence: count, writtenAtMilliseconds: 0 });
  const someoneElse = () => {
    for (; next <= now; next += 300) written.push(next);
  };
  const clock = {
    nowMilliseconds: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
      someoneElse();
    },
  };
  const from = {
    side: 'source',
    title: 'source',
    flow: {
      writeHeartbeat: () => ({ act: async () => void written.push(now) }),
      readHeartbeat: async () => reading(written.length),
    },
  } as unknown as Database;
  const to = {
    flow: { readHeartbeat: async () => reading(written.filter((at) => at <= now - lagMilliseconds).length) },
  } as unknown as Database;
  return { world: { clock, manifest: simulatedManifest } as unknown as World, from, to };
}

test('lag is that of the own heartbeat, whoever else sends some at the same time', async () => {
  const { world, from, to } = sides(700);
  let observed: LagObservation | undefined;
  const effect = heartbeats(
    world,
    { from, to, direction: 'forward', task: undefined },
    20,
    () => undefined,
    (observation) => (observed = observation),
  );
  await effect.act(new AbortController().signal);
  expect(observed?.heartbeatMilliseconds.length).toBeGreaterThan(5);
  expect(Math.min(...(observed?.heartbeatMilliseconds ?? []))).toBeGreaterThanOrEqual(700);
});
