import type {
  ListResourceRecordSetsCommandInput,
  ListResourceRecordSetsCommandOutput,
  ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import type { AwsClients } from './clients';
import { during } from './during';

/**
 * A name as people write it: lower case, without the final dot and without the octal escapes (`\052` is `*`) with which
 * Route 53 returns it (developer guide, "DNS domain name format").
 */
export const plainName = (name: string): string =>
  name
    .replace(/\\(\d{3})/g, (_escape, octal: string) => String.fromCharCode(parseInt(octal, 8)))
    .toLowerCase()
    .replace(/\.$/, '');

interface Page {
  readonly sets: ResourceRecordSet[];
  readonly next?: {
    StartRecordName?: string;
    StartRecordType?: ResourceRecordSet['Type'];
    StartRecordIdentifier?: string;
  };
}

/** Record sets of a zone from a name on, page by page, in Route 53's order. */
export async function* recordSetPages(
  clients: AwsClients,
  zoneId: string,
  startName: string,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { sdk, client } = await clients.route53();
  let from: Page['next'] = { StartRecordName: startName };
  while (from) {
    const input: ListResourceRecordSetsCommandInput = { HostedZoneId: zoneId, ...from };
    const answer: ListResourceRecordSetsCommandOutput = await during(signal, (options) =>
      client.send(new sdk.ListResourceRecordSetsCommand(input), options),
    );
    const { NextRecordName, NextRecordType, NextRecordIdentifier } = answer;
    const next: Page['next'] = answer.IsTruncated
      ? {
          StartRecordName: NextRecordName,
          StartRecordType: NextRecordType,
          ...(NextRecordIdentifier === undefined ? {} : { StartRecordIdentifier: NextRecordIdentifier }),
        }
      : undefined;
    yield { sets: answer.ResourceRecordSets ?? [], next };
    from = next;
  }
}

/**
 * All record sets of each of the names. The listing starts at the first name; another call is made only for a name that
 * the pages read so far do not wholly cover, since the whole account has five requests a second.
 */
export async function recordSetsOf(
  clients: AwsClients,
  zoneId: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, ResourceRecordSet[]>> {
  const complete = new Map<string, ResourceRecordSet[]>();
  for (const wanted of new Set(names.map(plainName))) {
    if (complete.has(wanted)) continue;
    const found = new Map<string, ResourceRecordSet[]>([[wanted, []]]);
    for await (const { sets, next } of recordSetPages(clients, zoneId, wanted, signal)) {
      for (const set of sets) {
        const name = plainName(set.Name ?? '');
        found.set(name, [...(found.get(name) ?? []), set]);
      }
      // The last name of a page may go on in the next one.
      const open = next && plainName(next.StartRecordName ?? '');
      if (open === wanted) continue;
      if (open !== undefined) found.delete(open);
      break;
    }
    for (const [name, sets] of found) complete.set(name, sets);
  }
  return complete;
}
