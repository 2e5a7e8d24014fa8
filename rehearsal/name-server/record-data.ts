import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Answer, RecordType } from 'dns-packet';

/** A name as DNS compares it: lower case, without its final dot, a wildcard's `\052` as `*`. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/\\052/g, '*').replace(/\.$/, '');
}

/** The answers that a record set gives under an owner name. A type that we do not serve gives none. */
export function answersOf(recordSet: ResourceRecordSet, owner: string): Answer[] {
  const values = (recordSet.ResourceRecords ?? []).flatMap(({ Value }) => (Value === undefined ? [] : [Value]));
  return values.flatMap((value) => answerOf(recordSet.Type ?? '', owner, recordSet.TTL ?? 0, value) ?? []);
}

function answerOf(type: string, name: string, ttl: number, value: string): Answer | undefined {
  switch (type as RecordType) {
    case 'A':
    case 'AAAA':
      return { type: type as 'A' | 'AAAA', name, ttl, data: value };
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { type: type as 'CNAME' | 'NS' | 'PTR', name, ttl, data: value.replace(/\.$/, '') };
    case 'TXT':
      return { type: 'TXT', name, ttl, data: characterStrings(value) };
    case 'SOA':
      return { type: 'SOA', name, ttl, data: startOfAuthority(value) };
    default:
      return undefined;
  }
}

function startOfAuthority(value: string) {
  const [mname = '', rname = '', ...numbers] = value.split(/\s+/);
  const [serial, refresh, retry, expire, minimum] = numbers.map(Number);
  return { mname: normalName(mname), rname: normalName(rname), serial, refresh, retry, expire, minimum };
}

/**
 * A TXT value as Route 53 takes it: strings in double quotes, separated by spaces, with `\"`, `\\` and octal escapes.
 * Source: Route 53 Developer Guide, "TXT record type".
 */
function characterStrings(value: string): Buffer[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) => unescape(quoted ?? bare ?? ''));
}

function unescape(text: string): Buffer {
  const bytes: Buffer[] = [];
  for (const [, octal, escaped, plain] of text.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/g)) {
    bytes.push(octal === undefined ? Buffer.from(escaped ?? plain ?? '') : Buffer.of(Number.parseInt(octal, 8) & 0xff));
  }
  return Buffer.concat(bytes);
}
