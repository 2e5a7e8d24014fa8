import { Fn, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Environment } from '../../definition/schema/environment';
import { acknowledge } from '../acknowledge';
import { SharedValue } from '../shared-value';
import type { Network } from './network';

/** The zone of the weighted records, as other stacks and the manifest name it. */
export interface HostedZone {
  idIn(consumer: Stack): string;
  /** host:port; only a public zone can be asked directly. */
  authoritativeServers(consumer: Stack): string[];
}

/** Uses the zone of the definition, or creates one that outlives the stack: names must keep answering. */
export function hostedZoneOf(owner: Stack, { hostedZone }: Environment, network: Network): HostedZone {
  const { id } = hostedZone;
  if (id !== undefined) return { idIn: () => id, authoritativeServers: () => hostedZone.authoritativeServers };
  const isPrivate = hostedZone.visibility === 'private';
  const zone = isPrivate
    ? new route53.PrivateHostedZone(owner, 'HostedZone', { zoneName: hostedZone.name, vpc: network.in(owner) })
    : new route53.PublicHostedZone(owner, 'HostedZone', { zoneName: hostedZone.name });
  zone.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const shared = new SharedValue(owner, 'HostedZoneId', zone.hostedZoneId);
  if (isPrivate) return { idIn: (consumer) => shared.in(consumer), authoritativeServers: () => [] };
  acknowledge(zone, { R53: 'query logs of a public zone belong to its owner' });
  // Route 53 always delegates a public zone to four name servers.
  const servers = [0, 1, 2, 3].map(
    (index) => new SharedValue(owner, `NameServer${index + 1}`, Fn.select(index, zone.hostedZoneNameServers ?? [])),
  );
  return {
    idIn: (consumer) => shared.in(consumer),
    authoritativeServers: (consumer) => servers.map((server) => `${server.in(consumer)}:53`),
  };
}
