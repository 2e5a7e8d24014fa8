import type { RouteReading } from '../../ports/routing';
import type { World } from '../../ports/world';
import { no, quality, yes, type Gate } from '../gate';

/** The longest that any server we can ask would still let a client keep an answer, and which server that is. */
async function longestKept({ names }: World, { record }: RouteReading, signal: AbortSignal) {
  const answers = [...(await names.ask(record.name, signal)), await names.resolve(record.name, signal)];
  return answers
    .map(({ server, ttlSeconds = 0 }) => ({ server, seconds: ttlSeconds }))
    .reduce((a, b) => (a.seconds >= b.seconds ? a : b));
}

/**
 * Clients will follow soon: the TTL is low, and has been for longer than the old one. Route 53 does not tell since when a
 * TTL stands. DNS does: a resolver that answered before the change counts the old TTL down, and an authoritative server
 * that has not heard of it still gives the old one. Resolvers other than the manifest's may hold it for as long.
 */
export const ttlGate = (world: World): Gate =>
  quality('The records’ TTL is low, and so for longer than the old one', async (signal) => {
    const limit = world.manifest.gates.maxTtlSeconds;
    const routes = await world.routing.read(signal);
    const high = routes.find((route) => (route.ttlSeconds ?? Infinity) > limit);
    if (high)
      return no({
        code: 'ttl-too-high',
        text: `${high.record.name} has a TTL of ${high.ttlSeconds ?? 'unknown'} s, ${limit} s are allowed`,
        value: high.ttlSeconds ?? 'unknown',
        limit,
        unit: 's',
        setting: 'gates.maxTtlSeconds',
        next: `lower records[].ttlSeconds of ${high.record.name}, cdk deploy, then wait for longer than the old TTL`,
      });
    for (const route of routes) {
      const { server, seconds } = await longestKept(world, route, signal);
      const present = route.ttlSeconds ?? limit;
      if (seconds <= present) continue;
      return no({
        code: 'ttl-lowered-recently',
        text: `${server} keeps its answer for ${route.record.name} for another ${seconds} s, the record’s TTL is ${present} s: it was lowered a moment ago, and clients may still hold the old answer`,
        value: seconds,
        limit: present,
        unit: 's',
        setting: 'records[].ttlSeconds',
        next: `wait ${seconds} s, then cutover check`,
      });
    }
    return yes();
  });
