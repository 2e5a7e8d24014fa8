import type { Answer, DecodedPacket } from 'dns-packet';
import { normalName } from './record-data';
import { responseCode } from './response-code';
import type { ResponseCode } from './response-code';

/** What is known about a name and type: records, or for how long there are none. */
export interface Known {
  readonly code: ResponseCode;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
  readonly expiresAtMilliseconds: number;
}

/** A cache by TTL (RFC 1035), negative answers included (RFC 2308). The clock is given, in milliseconds. */
export class ResolverCache {
  private readonly entries = new Map<string, Known>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** What is known still, with the time to live that remains. */
  find(name: string, type: string): Known | undefined {
    const key = keyOf(name, type);
    const known = this.entries.get(key);
    if (known === undefined) return undefined;
    const remaining = known.expiresAtMilliseconds - this.now();
    if (remaining <= 0) {
      this.entries.delete(key);
      return undefined;
    }
    // Rounded down: who keeps it for as long as we say must not keep it longer than its owner said.
    const ttl = Math.floor(remaining / 1000);
    const aged = (records: readonly Answer[]): Answer[] => records.map((record) => ({ ...record, ttl }) as Answer);
    return { ...known, answers: aged(known.answers), authorities: aged(known.authorities) };
  }

  /**
   * Takes in an authoritative response: each link of its chain of aliases, and its end, or that there is none. Returns
   * them in order, since what may be kept for 0 seconds answers the question at hand all the same.
   */
  learn(name: string, type: string, response: DecodedPacket, code: ResponseCode): Known[] {
    const learned: Known[] = [];
    let owner = normalName(name);
    for (const seen = new Set<string>(); !seen.has(owner);) {
      seen.add(owner);
      const at = (wanted: string): Answer[] =>
        (response.answers ?? []).filter((record) => normalName(record.name) === owner && record.type === wanted);
      const [found, alias] = [at(type), at('CNAME')];
      if (found.length > 0) return [...learned, this.store(owner, type, responseCode.noError, found)];
      const target = targetOf(alias);
      if (target === undefined) break;
      learned.push(this.store(owner, 'CNAME', responseCode.noError, alias));
      owner = normalName(target);
    }
    const authority = (response.authorities ?? []).find((record) => record.type === 'SOA');
    if (authority?.type !== 'SOA') return learned;
    const ttl = Math.min(authority.ttl ?? 0, authority.data.minimum ?? 0);
    return [...learned, this.store(owner, type, code, [], [{ ...authority, ttl }])];
  }

  private store(
    name: string,
    type: string,
    code: ResponseCode,
    answers: readonly Answer[],
    authorities: readonly Answer[] = [],
  ): Known {
    const ttlSeconds = Math.min(...[...answers, ...authorities].map(ttlOf));
    const known = { code, answers, authorities, expiresAtMilliseconds: this.now() + ttlSeconds * 1000 };
    this.entries.set(keyOf(name, type), known);
    return known;
  }
}

/** Where an alias leads; undefined for any other record set. */
export function targetOf(answers: readonly Answer[]): string | undefined {
  const first = answers[0];
  return first?.type === 'CNAME' ? first.data : undefined;
}

function ttlOf(record: Answer): number {
  return 'ttl' in record ? (record.ttl ?? 0) : 0;
}

function keyOf(name: string, type: string): string {
  return `${type} ${normalName(name)}`;
}
