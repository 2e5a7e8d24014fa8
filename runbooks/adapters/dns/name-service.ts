import { getServers } from 'node:dns';
import type { StringAnswer } from 'dns-packet';
import type { Manifest } from '../../../definition/manifest/sections';
import type { NameAnswer, NameService } from '../../ports/routing';
import { query, type Answer } from './query';
import { socketAddress } from './socket-address';

/** Short: the question is asked again and again anyway, and one silent server must not hold up the others' answers. */
const patience = { resendMilliseconds: 400, giveUpMilliseconds: 1_000 };
const longestChain = 8;

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** What one packet says about a name: where its CNAMEs lead, and the addresses at the end. */
function follow(answer: Answer, name: string) {
  const records = (answer.answers ?? []).filter(
    (each): each is StringAnswer => each.type === 'CNAME' || each.type === 'A',
  );
  const cname = (of: string) => records.find((each) => each.type === 'CNAME' && plain(each.name) === of);
  let last = plain(name);
  const first = cname(last);
  for (let hop = cname(last), hops = 0; hop && hops < longestChain; hop = cname(last), hops += 1)
    last = plain(hop.data);
  const addresses = records.filter((each) => each.type === 'A' && plain(each.name) === last).map((each) => each.data);
  return { first, last, addresses };
}

/** One server's answer; a server that does not answer is an answer without endpoint. */
async function ask(server: string, name: string, recursive: boolean, signal: AbortSignal): Promise<NameAnswer> {
  const address = socketAddress(server);
  const once = async (asked: string) => {
    const answer = await query(address, { name: asked, type: 'A', recursive }, patience, signal).catch(() => undefined);
    signal.throwIfAborted();
    return answer && follow(answer, asked);
  };
  const found = await once(plain(name));
  let chain = found;
  // Where the packet ends before an address, the rest is asked for; an authoritative server may not know it.
  for (let hops = 0; recursive && chain?.first && chain.addresses.length === 0 && hops < longestChain; hops += 1)
    chain = await once(chain.last);
  return {
    server,
    ...(found?.first ? { endpoint: plain(found.first.data), ttlSeconds: found.first.ttl } : {}),
    addresses: chain?.addresses ?? [],
  };
}

/** DNS asked directly: every authoritative server of a public zone, the resolver for a private one. */
export function dnsNameService({ authoritativeServers, resolver }: Manifest['routing']): NameService {
  const resolverAddress = (): string => {
    const found = resolver ?? getServers()[0];
    if (found === undefined) throw new Error('this computer has no name server; set routing.resolver');
    return found;
  };
  const resolve = (name: string, signal: AbortSignal) => ask(resolverAddress(), name, true, signal);
  return {
    ask: async (name, signal) =>
      authoritativeServers.length === 0
        ? [await resolve(name, signal)]
        : Promise.all(authoritativeServers.map((server) => ask(server, name, false, signal))),
    resolve,
  };
}
