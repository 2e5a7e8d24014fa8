import { InvalidInput } from '@aws-sdk/client-route-53';
import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { isIPv4, isIPv6 } from 'node:net';

const routingFields = [
  'Weight',
  'Region',
  'Failover',
  'MultiValueAnswer',
  'GeoLocation',
  'GeoProximityLocation',
  'CidrRoutingConfig',
] as const;

function describe(set: ResourceRecordSet, action?: string): string {
  const parts = [
    `Name=${set.Name ?? 'null'}`,
    `Type=${set.Type ?? 'null'}`,
    `SetIdentifier=${set.SetIdentifier ?? 'null'}`,
  ];
  return `[${action === undefined ? '' : `Action=${action}, `}${parts.join(', ')}]`;
}

function refuse(message: string): never {
  throw new InvalidInput({ message, $metadata: {} });
}

/** What makes the whole request malformed (`InvalidInput`), before the zone is looked at. */
export function checkForm(changes: readonly Change[]): void {
  if (changes.length === 0) refuse('Invalid request: a change batch needs at least one change');
  changes.forEach(({ Action, ResourceRecordSet: set }, index) => {
    if (Action !== 'CREATE' && Action !== 'UPSERT' && Action !== 'DELETE') {
      refuse(`Invalid request: Action '${String(Action)}' is none of [CREATE, DELETE, UPSERT]`);
    }
    if (set?.Name === undefined || set.Type === undefined) refuse('Invalid request: a change needs Name and Type');
    checkWeight(set, index);
    const routed = routingFields.some((field) => set[field] !== undefined);
    if (routed && set.SetIdentifier === undefined) {
      refuse(`Invalid request: Missing field 'SetIdentifier' in Change with ${describe(set, Action)}`);
    }
    if (!routed && set.SetIdentifier !== undefined) {
      refuse(
        `Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer], but found none in Change with ${describe(set, Action)}`,
      );
    }
    const plain = set.TTL !== undefined && (set.ResourceRecords?.length ?? 0) > 0;
    if (plain === (set.AliasTarget !== undefined)) {
      const found = plain ? 'more than one' : 'none';
      refuse(
        `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${found} in Change with ${describe(set, Action)}`,
      );
    }
  });
}

function checkWeight(set: ResourceRecordSet, index: number): void {
  const { Weight: weight } = set;
  if (weight === undefined || (Number.isInteger(weight) && weight >= 0 && weight <= 255)) return;
  const bound = weight > 255 ? 'less than or equal to 255' : 'greater than or equal to 0';
  refuse(
    `1 validation error detected: Value '${weight}' at 'changeBatch.changes.${index + 1}.member.resourceRecordSet.weight' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

function fatal(problem: string, value: string): string {
  return `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`;
}

/** What is wrong with the record values themselves; these messages go into `InvalidChangeBatch`. */
export function valueProblems(set: ResourceRecordSet): string[] {
  const values = (set.ResourceRecords ?? []).map((record) => record.Value ?? '');
  const problems = values.flatMap((value) => {
    if (set.Type === 'A' && !isIPv4(value))
      return [fatal('ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)', value)];
    if (set.Type === 'AAAA' && !isIPv6(value))
      return [fatal('AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)', value)];
    if (set.Type === 'TXT' && !/^("([^"\\]|\\.)*"\s*)+$/.test(value)) {
      return [fatal('InvalidCharacterString (Value should be enclosed in quotation marks)', value)];
    }
    if (set.Type === 'TXT' && value.length > 4_002) return [fatal('CharacterStringTooLong (Value is too long)', value)];
    return [];
  });
  if (set.Type === 'CNAME' && values.length > 1) {
    problems.push(`RRSet of type CNAME with DNS name ${set.Name ?? ''} has more than one value`);
  }
  return problems;
}
