import { randomBytes } from 'node:crypto';
import type { Route53Seed } from '../../seed-of-services';
import { normalName } from './domain-name';
import { compareRecordSets, keyOf, stored } from './record-key';
import type { StoredRecordSet } from './record-key';

/** A hosted zone and its record sets by key. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly private: boolean;
  readonly callerReference: string;
  readonly comment: string | undefined;
  /** How many name servers answer for it: none for a zone made at run time, so its changes are in sync at once. */
  readonly servers: number;
  records: ReadonlyMap<string, StoredRecordSet>;
  tags: Map<string, string>;
  lastChangeId: string;
  /** A change of this zone is being worked on. */
  busy: boolean;
}

/** The delegation of every zone. The names do not resolve: the rehearsal's resolver knows its servers by address. */
export const delegation = [1, 2, 3, 4].map((n) => `ns-${n}.awsdns.rehearsal.internal.`);

export function newId(prefix: 'Z' | 'C'): string {
  return `${prefix}${randomBytes(10).toString('hex').toUpperCase()}`;
}

/** The record sets in Route 53's order. */
export function sorted(zone: Zone): StoredRecordSet[] {
  return [...zone.records.values()].sort(compareRecordSets);
}

/** What every zone has at its apex from its creation on. */
function apexRecords(name: string): StoredRecordSet[] {
  const soa = `${delegation[0] ?? ''} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
  return [
    { Name: name, Type: 'NS', TTL: 172_800, ResourceRecords: delegation.map((Value) => ({ Value })) },
    { Name: name, Type: 'SOA', TTL: 900, ResourceRecords: [{ Value: soa }] },
  ];
}

export interface ZoneDraft {
  id: string;
  name: string;
  private: boolean;
  records?: Route53Seed['zones'][number]['records'];
  callerReference?: string;
  comment?: string;
}

/** Makes a zone; records given for the apex replace the ones that every zone has. */
export function makeZone(draft: ZoneDraft, servers: number): Zone {
  const name = normalName(draft.name);
  const records = new Map(apexRecords(name).map((set) => [keyOf(set), set]));
  for (const set of draft.records ?? []) records.set(keyOf(set), stored(set));
  return {
    id: draft.id,
    name,
    private: draft.private,
    callerReference: draft.callerReference ?? `seed-${draft.id}`,
    comment: draft.comment,
    servers,
    records,
    tags: new Map(),
    lastChangeId: newId('C'),
    busy: false,
  };
}
