import type { SideName } from '../../../definition/manifest/sections';
import type { Reason } from '../../ports/reason';
import type { RouteReading } from '../../ports/routing';
import type { World } from '../../ports/world';
import { no, safety, yes, type Gate } from '../gate';

const show = (weights: { source: number; target: number } | undefined) =>
  weights ? `source ${weights.source}, target ${weights.target}` : 'none';
const allOn = (primary: SideName) => (primary === 'source' ? 'source 255, target 0' : 'source 0, target 255');

/** Why the weights of one name are not what they must be while `primary` serves; undefined when they are. */
function weightFault({ record, weights, parameterWeights }: RouteReading, primary: SideName): Reason | undefined {
  if (!weights)
    return {
      code: 'record-missing',
      text: `${record.name} has no weighted pair of records in Route 53`,
      setting: 'records',
      next: 'cdk deploy',
    };
  const wrong = { value: show(weights), limit: allOn(primary), setting: 'records', next: 'cutover status' };
  const isWrite = record.kind === 'write';
  if (isWrite && weights.source !== 0 && weights.target !== 0)
    return {
      ...wrong,
      code: 'write-record-split',
      text: `${record.name} has weights ${show(weights)}, allowed is ${wrong.limit}: a split write record is two masters`,
    };
  if (isWrite && (weights[primary] === 0 || weights[primary === 'source' ? 'target' : 'source'] !== 0))
    return {
      ...wrong,
      code: 'weights-changed',
      text: `${record.name} has weights ${show(weights)}, yet the ${primary} is primary, so they must be ${wrong.limit}: somebody else changed them`,
    };
  if (parameterWeights && show(parameterWeights) === show(weights)) return undefined;
  const put = (side: SideName) =>
    `aws ssm put-parameter --overwrite --name ${record[side].weightParameter} --value ${weights[side]}`;
  return {
    code: 'weights-disagree',
    text: `${record.name}: Route 53 says ${show(weights)}, SSM says ${show(parameterWeights)}; a deploy would move traffic`,
    value: show(parameterWeights),
    limit: show(weights),
    setting: record.source.weightParameter,
    next: `${put('source')}; ${put('target')}`,
  };
}

/** Weights are what the state says, in Route 53 and in SSM alike, and no deploy is about to change them. */
export const routeGates = (world: Pick<World, 'routing'>, primary: SideName): Gate[] => {
  // Route 53 answers five requests a second for the whole account: one reading serves a round of gates.
  let reading: Promise<RouteReading[]> | undefined;
  return [
    safety('The weights are what the state says', async (signal) => {
      reading = world.routing.read(signal);
      for (const route of await reading) {
        const fault = weightFault(route, primary);
        if (fault) return no(fault);
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
        setting: 'records',
        next: 'remove the health check from the record in Route 53',
      });
    }),
    safety('No stack update is in progress', async (signal) => {
      const updating = await world.routing.stacksUpdating(signal);
      if (updating.length === 0) return yes();
      return no({
        code: 'stack-updating',
        text: `${updating.join(', ')} is being updated; a deploy and a switch at once is how traffic flips back`,
        value: updating.join(', '),
        setting: 'routing.stackNames',
        next: `aws cloudformation wait stack-update-complete --stack-name ${updating[0]}`,
      });
    }),
  ];
};

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
