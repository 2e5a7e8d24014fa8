import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { normalName, sortKey } from './domain-name';

/** A record set with what every stored one has. */
export type StoredRecordSet = ResourceRecordSet & { Name: string; Type: string };

/** What makes a record set one: name, type and set identifier. */
export function keyOf(set: ResourceRecordSet): string {
  return [normalName(set.Name ?? ''), set.Type ?? '', set.SetIdentifier ?? ''].join('|');
}

export function stored(set: ResourceRecordSet): StoredRecordSet {
  return { ...set, Name: normalName(set.Name ?? ''), Type: set.Type ?? 'A' };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The order of ListResourceRecordSets: name with labels reversed, then type, then set identifier. */
export function compareRecordSets(a: StoredRecordSet, b: StoredRecordSet): number {
  return (
    compareText(sortKey(a.Name), sortKey(b.Name)) ||
    compareText(a.Type, b.Type) ||
    compareText(a.SetIdentifier ?? '', b.SetIdentifier ?? '')
  );
}

/** Whether two record sets say the same; DELETE must repeat the present one exactly. */
export function sameContent(a: ResourceRecordSet, b: ResourceRecordSet): boolean {
  return JSON.stringify(content(a)) === JSON.stringify(content(b));
}

function content(set: ResourceRecordSet): unknown {
  const records = (set.ResourceRecords ?? []).map((record) => record.Value ?? '').sort();
  const alias = set.AliasTarget && { ...set.AliasTarget, DNSName: normalName(set.AliasTarget.DNSName ?? '') };
  return [
    keyOf(set),
    set.TTL,
    set.Weight,
    set.Region,
    set.Failover,
    set.MultiValueAnswer,
    set.GeoLocation,
    alias,
    records,
  ];
}
