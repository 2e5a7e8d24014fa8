import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { AwsClients } from './clients';
import { plainName, recordSetPages, recordSetsOf } from './record-sets';

/** One counted change batch: the TXT record `_cutover-<number>.<name>` with value `"<epoch>.<number>.<nonce>"`. */
export interface CounterMark {
  readonly number: number;
  readonly epoch: number;
  readonly nonce: string;
}

const prefix = '_cutover-';
/** No one answers by these records: the TTL only has to be valid. */
const ttlSeconds = 300;

export const counterName = (number: number, name: string): string => `${prefix}${number}.${plainName(name)}`;

export const counterRecord = ({ number, epoch, nonce }: CounterMark, name: string): ResourceRecordSet => ({
  Name: counterName(number, name),
  Type: 'TXT',
  TTL: ttlSeconds,
  ResourceRecords: [{ Value: `"${epoch}.${number}.${nonce}"` }],
});

/** @throws Error for a TXT record in this place that no runbook wrote */
function markOf(set: ResourceRecordSet): CounterMark {
  const value = set.ResourceRecords?.[0]?.Value ?? '';
  const [, epoch, number, nonce] = /^"(\d+)\.(\d+)\.([^"]+)"$/.exec(value) ?? [];
  if (nonce === undefined)
    throw new Error(
      `TXT ${set.Name ?? ''} holds ${value}; expected is "epoch.number.nonce": only runbooks write there`,
    );
  return { number: Number(number), epoch: Number(epoch), nonce };
}

/** The mark of one number; absent when it is not taken. */
export async function readMark(
  clients: AwsClients,
  zoneId: string,
  name: string,
  number: number,
  signal: AbortSignal,
): Promise<CounterMark | undefined> {
  const wanted = plainName(counterName(number, name));
  const sets = (await recordSetsOf(clients, zoneId, [wanted], signal)).get(wanted);
  const set = sets?.find(({ Type }) => Type === 'TXT');
  return set && markOf(set);
}

/** Every mark of a name. Text order is not number order, so all are read. */
export async function readMarks(
  clients: AwsClients,
  zoneId: string,
  name: string,
  signal: AbortSignal,
): Promise<CounterMark[]> {
  const base = plainName(name);
  const counter = new RegExp(`^${prefix}\\d+$`);
  const marks: CounterMark[] = [];
  // The labels are sorted from the root down: all `_cutover-…` below the name stand together, digits before letters.
  for await (const { sets } of recordSetPages(clients, zoneId, counterName(0, base), signal)) {
    for (const set of sets) {
      const own = plainName(set.Name ?? '');
      const label = own.endsWith(`.${base}`) ? own.slice(0, -base.length - 1) : '';
      if (!(label.split('.').at(-1) ?? '').startsWith(prefix)) return marks;
      if (set.Type === 'TXT' && counter.test(label)) marks.push(markOf(set));
    }
  }
  return marks;
}
