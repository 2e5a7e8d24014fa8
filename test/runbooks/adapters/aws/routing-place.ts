import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { Route53Routing } from '../../../../runbooks/adapters/aws/routing';
import { randomNonces } from '../../../../runbooks/adapters/nonces';
import type { Effect } from '../../../../runbooks/ports/effect';
import type { Weights } from '../../../../runbooks/ports/routing';
import type { EndpointSeedInput } from '../../../../rehearsal/aws-endpoint/seed';
import { noSignal, openPlace, readName, routing, routingSeed, writeName, zoneId, type Place } from './aws-place';

export const toTarget: Weights = { source: 0, target: 255 };
export const toSource: Weights = { source: 255, target: 0 };
export const both = (weights: Weights) =>
  new Map([
    [writeName, weights],
    [readName, weights],
  ]);

/** As a procedure performs an effect, without its journal. */
export async function perform(effect: Effect): Promise<'already' | 'applied'> {
  if (await effect.precheck(noSignal)) return 'already';
  await effect.act(noSignal);
  if (!(await effect.verify(noSignal))) throw new Error(`${effect.name} was not seen`);
  return 'applied';
}

/** A zone with the worked example's records, and operators who change it. */
export class RoutingPlace {
  readonly place: Place;

  private constructor(place: Place) {
    this.place = place;
  }

  static async open(extra: ResourceRecordSet[] = [], seed: Partial<EndpointSeedInput> = {}): Promise<RoutingPlace> {
    return new RoutingPlace(await openPlace({ ...routingSeed(extra), ...seed }));
  }

  routing(more: Partial<typeof routing> = {}, assertHeld: () => Promise<void> = async () => undefined): Route53Routing {
    const { clients } = this.place;
    return new Route53Routing({ clients, routing: { ...routing, ...more }, nonces: randomNonces, assertHeld });
  }

  /** An operator who has taken the lock with this epoch. */
  async claimed(epoch: number): Promise<Route53Routing> {
    const found = this.routing();
    await perform(found.claim(epoch));
    return found;
  }

  async zone(): Promise<ResourceRecordSet[]> {
    const { client } = await this.place.clients.route53();
    return (await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }))).ResourceRecordSets ?? [];
  }

  /** The counter records, their nonces cut off. */
  async marks(): Promise<string[]> {
    const texts = (await this.zone()).filter(({ Type }) => Type === 'TXT');
    return texts.map(({ Name, ResourceRecords }) => `${Name} ${ResourceRecords?.[0]?.Value?.replace(/[^.]+"$/, '…"')}`);
  }

  /** Source and target of each record. */
  async weights(): Promise<(number[] | undefined)[]> {
    const readings = await this.routing().read(noSignal);
    return readings.map(({ weights }) => weights && [weights.source, weights.target]);
  }

  loseAnswer(manner: 'error' | 'reset' = 'error'): void {
    const fault = { kind: 'answer-lost', service: 'route53', operation: 'ChangeResourceRecordSets' } as const;
    this.place.endpoint.addFault({ ...fault, count: 1, manner });
  }
}
