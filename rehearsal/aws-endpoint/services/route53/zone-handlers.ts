import { HostedZoneAlreadyExists, InvalidInput } from '@aws-sdk/client-route-53';
import type * as sdk from '@aws-sdk/client-route-53';
import type { Handlers } from '../../wire/service';
import { page } from '../paging';
import { normalName, sortKey } from './domain-name';
import { compareRecordSets } from './record-key';
import type { StoredRecordSet } from './record-key';
import type { Route53State } from './route53-state';
import { delegation, makeZone, newId, sorted } from './zone-store';
import type { Zone } from './zone-store';

function describeZone(zone: Zone): sdk.HostedZone {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: { Comment: zone.comment, PrivateZone: zone.private },
    ResourceRecordSetCount: zone.records.size,
  };
}

function limit(maxItems: number | string | undefined, most: number): number {
  const wanted = maxItems === undefined ? most : Number(maxItems);
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new InvalidInput({ message: `MaxItems must be a number from 1 on; got ${String(maxItems)}`, $metadata: {} });
  }
  return Math.min(wanted, most);
}

/** Where a listing of record sets begins: at the first set that does not stand before the one named. */
function startOf(sets: StoredRecordSet[], input: sdk.ListResourceRecordSetsRequest): number {
  const { StartRecordName: name, StartRecordType: type, StartRecordIdentifier: identifier } = input;
  if (name === undefined) {
    if (type === undefined) return 0;
    throw new InvalidInput({ message: 'StartRecordType needs StartRecordName', $metadata: {} });
  }
  const from = { Name: normalName(name), Type: type ?? '', SetIdentifier: identifier } as StoredRecordSet;
  const index = sets.findIndex((set) => compareRecordSets(set, from) >= 0);
  return index < 0 ? sets.length : index;
}

/** Hosted zones, their listing, tags and record sets. */
export function zoneHandlers(state: Route53State): Handlers<typeof sdk> {
  const byName = () =>
    [...state.zones.values()].sort((a, b) => (sortKey(a.name) + a.id < sortKey(b.name) + b.id ? -1 : 1));

  return {
    ListHostedZones({ Marker, MaxItems }) {
      const size = limit(MaxItems, 100);
      const { items, next } = page([...state.zones.values()], size, Marker);
      const rest = { Marker: Marker ?? '', IsTruncated: next !== undefined, NextMarker: next, MaxItems: size };
      return { HostedZones: items.map(describeZone), ...rest };
    },

    ListHostedZonesByName({ DNSName, HostedZoneId, MaxItems }) {
      const size = limit(MaxItems, 100);
      const from = DNSName === undefined ? '' : sortKey(normalName(DNSName)) + (HostedZoneId ?? '');
      const zones = byName().filter((zone) => sortKey(zone.name) + zone.id >= from);
      const [items, next] = [zones.slice(0, size), zones[size]];
      return {
        HostedZones: items.map(describeZone),
        DNSName,
        HostedZoneId,
        IsTruncated: next !== undefined,
        NextDNSName: next?.name,
        NextHostedZoneId: next?.id,
        MaxItems: size,
      };
    },

    GetHostedZone: ({ Id }) => {
      const zone = state.zone(Id);
      return { HostedZone: describeZone(zone), DelegationSet: zone.private ? undefined : { NameServers: delegation } };
    },

    CreateHostedZone({ Name, CallerReference, HostedZoneConfig, VPC }) {
      const existing = [...state.zones.values()].find((zone) => zone.callerReference === CallerReference);
      if (existing !== undefined) {
        const message = `A hosted zone has already been created with the specified CallerReference: ${CallerReference ?? ''}`;
        throw new HostedZoneAlreadyExists({ message, $metadata: {} });
      }
      const zone = makeZone(
        {
          id: newId('Z'),
          name: Name ?? '',
          private: VPC !== undefined || HostedZoneConfig?.PrivateZone === true,
          callerReference: CallerReference,
          comment: HostedZoneConfig?.Comment,
        },
        0,
      );
      state.zones.set(zone.id, zone);
      const change = state.changes.accept(zone.id, zone.servers, undefined);
      zone.lastChangeId = change.id;
      state.publish(zone);
      return {
        HostedZone: describeZone(zone),
        ChangeInfo: state.info(change),
        DelegationSet: { NameServers: delegation },
        Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
      };
    },

    ListResourceRecordSets(input) {
      const sets = sorted(state.zone(input.HostedZoneId));
      const size = limit(input.MaxItems, 300);
      const start = startOf(sets, input);
      const next = sets[start + size];
      return {
        ResourceRecordSets: sets.slice(start, start + size),
        IsTruncated: next !== undefined,
        NextRecordName: next?.Name,
        NextRecordType: next?.Type,
        NextRecordIdentifier: next?.SetIdentifier,
        MaxItems: size,
      };
    },

    ChangeTagsForResource({ ResourceId, AddTags, RemoveTagKeys }) {
      const zone = state.zone(ResourceId);
      for (const { Key, Value } of AddTags ?? []) zone.tags.set(Key ?? '', Value ?? '');
      for (const key of RemoveTagKeys ?? []) zone.tags.delete(key);
      return {};
    },

    ListTagsForResource({ ResourceId, ResourceType }) {
      const tags = [...state.zone(ResourceId).tags].map(([Key, Value]) => ({ Key, Value }));
      return { ResourceTagSet: { ResourceId, ResourceType, Tags: tags } };
    },
  };
}
