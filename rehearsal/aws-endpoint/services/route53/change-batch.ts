import { InvalidChangeBatch } from '@aws-sdk/client-route-53';
import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { belongsTo } from './domain-name';
import { keyOf, sameContent, stored } from './record-key';
import type { StoredRecordSet } from './record-key';
import { valueProblems } from './record-rules';
import type { Zone } from './zone-store';

type Records = Map<string, StoredRecordSet>;

function label(set: StoredRecordSet): string {
  const identifier = set.SetIdentifier === undefined ? '' : `, set identifier='${set.SetIdentifier}'`;
  return `[name='${set.Name}', type='${set.Type}'${identifier}]`;
}

/** A set may appear once in a batch, or be deleted and then made anew. */
function repeated(changes: readonly Change[]): string[] {
  const seen = new Map<string, string[]>();
  for (const { Action = '', ResourceRecordSet: set } of changes) {
    const key = keyOf(set as ResourceRecordSet);
    seen.set(key, [...(seen.get(key) ?? []), Action]);
  }
  return [...seen].flatMap(([key, actions]) => {
    const [name, type] = key.split('|');
    const remade = actions.length === 2 && actions[0] === 'DELETE' && actions[1] !== 'DELETE';
    const message = `The request contains an invalid set of changes for a resource record set '${type} ${name}'`;
    return actions.length === 1 || remade ? [] : [message];
  });
}

/** Applies one change to the draft, or says why it cannot be. */
function apply(records: Records, action: string, set: StoredRecordSet): string[] {
  const key = keyOf(set);
  const present = records.get(key);
  if (action === 'DELETE') {
    if (present === undefined) return [`Tried to delete resource record set ${label(set)} but it was not found`];
    if (!sameContent(present, set)) {
      return [
        `Tried to delete resource record set ${label(set)} but the values provided do not match the current values`,
      ];
    }
    records.delete(key);
    return [];
  }
  if (action === 'CREATE' && present !== undefined) {
    return [`Tried to create resource record set ${label(set)} but it already exists`];
  }
  records.set(key, set);
  // All sets of one name and type share a TTL; the last one written decides.
  for (const [other, sibling] of records) {
    if (sibling.Name === set.Name && sibling.Type === set.Type && sibling.TTL !== set.TTL && set.TTL !== undefined) {
      records.set(other, { ...sibling, TTL: set.TTL });
    }
  }
  return [];
}

function routing(set: StoredRecordSet): string {
  if (set.SetIdentifier === undefined) return 'simple';
  return set.Weight !== undefined ? 'weighted' : 'otherwise routed';
}

/** What the zone as a whole may not hold, looked at only around the sets that changed. */
function conflicts(zone: Zone, records: Records, set: StoredRecordSet): string[] {
  const name = `DNS name ${set.Name}`;
  if (!records.has(keyOf(set))) {
    const apex = set.Name === zone.name && (set.Type === 'NS' || set.Type === 'SOA');
    return apex
      ? [`A HostedZone must contain exactly one SOA record and at least one NS record for the zone itself.`]
      : [];
  }
  if (set.Type === 'CNAME' && set.Name === zone.name) {
    return [`RRSet of type CNAME with ${name} is not permitted at apex in zone ${zone.name}`];
  }
  const problems: string[] = [];
  const neighbours = [...records.values()].filter((other) => other.Name === set.Name && keyOf(other) !== keyOf(set));
  const sameType = neighbours.filter((other) => other.Type === set.Type);
  if (neighbours.some((other) => other.Type !== set.Type && (other.Type === 'CNAME' || set.Type === 'CNAME'))) {
    problems.push(
      `RRSet of type ${set.Type} with ${name} is not permitted because a conflicting RRSet with the same DNS name already exists in zone ${zone.name}`,
    );
  }
  if (sameType.some((other) => routing(other) !== routing(set))) {
    const identifier = set.SetIdentifier === undefined ? '' : `, SetIdentifier ${set.SetIdentifier}`;
    problems.push(
      `RRSet with ${name}, type ${set.Type}${identifier} cannot be created because a differently routed set exists with the same name and type.`,
    );
  }
  if (sameType.length >= 100) problems.push(`RRSet with ${name}, type ${set.Type} has more than 100 sets`);
  return problems;
}

/**
 * The zone's records after the batch. The whole batch is taken or none of it: any problem throws `InvalidChangeBatch`
 * with all messages, and the zone stays as it was. Changes must have passed `checkForm`.
 */
export function applyBatch(zone: Zone, changes: readonly Change[]): ReadonlyMap<string, StoredRecordSet> {
  const messages = repeated(changes);
  const draft: Records = new Map(zone.records);
  const sets = changes.map((change) => stored(change.ResourceRecordSet as ResourceRecordSet));
  sets.forEach((set, index) => {
    if (!belongsTo(set.Name, zone.name)) {
      messages.push(`RRSet with DNS name ${set.Name} is not permitted in zone ${zone.name}`);
      return;
    }
    const action = changes[index]?.Action ?? '';
    if (action !== 'DELETE') messages.push(...valueProblems(set));
    messages.push(...apply(draft, action, set));
  });
  if (messages.length === 0) for (const set of sets) messages.push(...conflicts(zone, draft, set));
  if (messages.length > 0) {
    const text = `[${messages.join(', ')}]`;
    throw new InvalidChangeBatch({ message: text, messages, $metadata: {} });
  }
  return draft;
}
