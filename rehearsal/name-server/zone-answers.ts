import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Answer, Question } from 'dns-packet';
import { answersOf, normalName } from './record-data';
import { responseCode } from './response-code';
import type { ResponseCode } from './response-code';
import { chooseByWeight } from './weighted-choice';
import type { Zone } from './zone';

export interface ZoneReply {
  readonly code: ResponseCode;
  readonly authoritative: boolean;
  readonly answers: Answer[];
  readonly authorities: Answer[];
}

const longestChain = 8;
/** What Route 53 writes into a new zone; its negative answers are kept for the smaller of TTL and last number: 900 s. */
const defaultStartOfAuthority: ResourceRecordSet = {
  Name: undefined,
  Type: 'SOA',
  TTL: 900,
  ResourceRecords: [{ Value: 'ns-1.rehearsal.internal. hostmaster.rehearsal.internal. 1 7200 900 1209600 86400' }],
};

/** The authoritative answer to a question from the zones as they stand. `random` chooses among weighted records. */
export function answerFromZones(zones: readonly Zone[], question: Question, random: () => number): ZoneReply {
  const answers: Answer[] = [];
  let owner = question.name;
  for (let link = 0; link < longestChain; link += 1) {
    const name = normalName(owner);
    const zone = zoneOf(zones, name);
    if (zone === undefined) {
      // An alias that leads out of our zones: the resolver goes on by itself.
      const code = link === 0 ? responseCode.refused : responseCode.noError;
      return { code, authoritative: link > 0, answers, authorities: [] };
    }
    const here = zone.at(name);
    const found = choose(zones, here ?? [], question.type, random);
    if (found !== undefined) {
      answers.push(...answersOf(found, owner));
      return { code: responseCode.noError, authoritative: true, answers, authorities: [] };
    }
    const alias = choose(zones, here ?? [], 'CNAME', random);
    const target = alias?.ResourceRecords?.[0]?.Value;
    if (alias === undefined || target === undefined) {
      const code = here === undefined ? responseCode.nameError : responseCode.noError;
      return { code, authoritative: true, answers, authorities: startOfAuthority(zone) };
    }
    answers.push(...answersOf(alias, owner));
    owner = target.replace(/\.$/, '');
  }
  return { code: responseCode.serverFailure, authoritative: true, answers: [], authorities: [] };
}

function choose(
  zones: readonly Zone[],
  recordSets: readonly ResourceRecordSet[],
  type: string,
  random: () => number,
): ResourceRecordSet | undefined {
  const chosen = chooseByWeight(
    recordSets.filter((recordSet) => recordSet.Type === type),
    random,
  );
  const aliasOf = chosen?.AliasTarget?.DNSName;
  if (aliasOf === undefined) return chosen;
  // Route 53's own alias: the target's records under the owner's name, with the target's TTL.
  const target = normalName(aliasOf);
  const records = zoneOf(zones, target)?.at(target) ?? [];
  return chooseByWeight(
    records.filter((recordSet) => recordSet.Type === type && recordSet.AliasTarget === undefined),
    random,
  );
}

/** The longest zone that holds the name. */
function zoneOf(zones: readonly Zone[], name: string): Zone | undefined {
  const holding = zones.filter((zone) => zone.contains(name));
  return holding.sort((one, other) => other.name.length - one.name.length)[0];
}

function startOfAuthority(zone: Zone): Answer[] {
  const own = zone.at(zone.name)?.find(({ Type }) => Type === 'SOA');
  return answersOf(own ?? defaultStartOfAuthority, zone.name);
}
