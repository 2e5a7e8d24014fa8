import type { SideName } from '../../../definition/manifest/sections';
import type { RouteReading } from '../../ports/routing';
import type { World } from '../../ports/world';
import { no, quality, safety, yes, type Gate } from '../gate';

const show = (weights: { source: number; target: number } | undefined) =>
  weights ? `source ${weights.source}, target ${weights.target}` : 'none';

/** Weights are what the state says, in Route 53 and in SSM alike, and no deploy is about to change them. */
export const routeGates = (world: World, primary: SideName): Gate[] => {
  // Route 53 answers five requests a second for the whole account: one reading serves a round of gates.
  let reading: Promise<RouteReading[]> | undefined;
  return [
    safety('The weights are what the state says', async (signal) => {
      reading = world.routing.read(signal);
      for (const route of await reading) {
        const { record, weights, parameterWeights } = route;
        if (!weights)
          return no({
            code: 'record-missing',
            text: `${record.name} has no weighted pair of records in Route 53`,
            next: 'cdk deploy',
          });
        if (
          record.kind === 'write' &&
          (weights[primary] === 0 || weights[primary === 'source' ? 'target' : 'source'] !== 0)
        )
          return no({
            code: 'weights-changed',
            text: `${record.name} has weights ${show(weights)}, yet the ${primary} is primary: somebody else changed them`,
            value: show(weights),
            limit: primary === 'source' ? 'source 255, target 0' : 'source 0, target 255',
            next: 'cutover status',
          });
        if (
          !parameterWeights ||
          parameterWeights.source !== weights.source ||
          parameterWeights.target !== weights.target
        )
          return no({
            code: 'weights-disagree',
            text: `${record.name}: Route 53 says ${show(weights)}, SSM says ${show(parameterWeights)}; a deploy would move traffic`,
            value: show(parameterWeights),
            limit: show(weights),
            setting: record.source.weightParameter,
            next: `aws ssm put-parameter --overwrite --name ${record.source.weightParameter} --value ${weights.source}; aws ssm put-parameter --overwrite --name ${record.target.weightParameter} --value ${weights.target}`,
          });
      }
      return yes();
    }),
    safety('No write record has a health check', async (signal) => {
      const checked = (await (reading ?? world.routing.read(signal))).filter(
        (route) => route.record.kind === 'write' && route.hasHealthCheck,
      );
      if (checked.length === 0) return yes();
      return no({
        code: 'health-check-on-write-record',
        text: `${checked.map((route) => route.record.name).join(', ')} would fail back to a stale side by its health check`,
        next: 'remove the health check from the record',
      });
    }),
    safety('No stack update is in progress', async (signal) => {
      const updating = await world.routing.stacksUpdating(signal);
      if (updating.length === 0) return yes();
      return no({
        code: 'stack-updating',
        text: `${updating.join(', ')} is being updated; a deploy and a switch at once is how traffic flips back`,
        value: updating.join(', '),
        next: 'wait for the deploy to end',
      });
    }),
  ];
};

/** Clients will follow soon: the TTL is low. */
export const ttlGate = (world: World): Gate =>
  quality('The records’ TTL is low', async (signal) => {
    const limit = world.manifest.gates.maxTtlSeconds;
    const high = (await world.routing.read(signal)).find(
      (route: RouteReading) => (route.ttlSeconds ?? Infinity) > limit,
    );
    if (!high) return yes();
    return no({
      code: 'ttl-too-high',
      text: `${high.record.name} has a TTL of ${high.ttlSeconds ?? 'unknown'} s, ${limit} s are allowed`,
      value: high.ttlSeconds ?? 'unknown',
      limit,
      unit: 's',
      setting: 'gates.maxTtlSeconds',
      next: 'lower the TTL, then wait for longer than the old one',
    });
  });

/** DNS begins to answer with the side that is about to open. */
export const routeArrivesGate = (world: World, to: SideName): Gate =>
  safety(`DNS begins to answer with the ${to}`, async (signal) => {
    const writes = world.manifest.routing.records.filter((record) => record.kind === 'write');
    for (const record of writes) {
      const wanted = record[to].value;
      for (;;) {
        const answers = await world.names.ask(record.name, signal);
        if (answers.some((answer) => answer.endpoint === wanted)) break;
        // The signal carries the budget: a route that never comes ends in unwinding.
        await world.clock.sleep(25, signal);
      }
    }
    return yes();
  });
