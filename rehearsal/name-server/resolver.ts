import { randomInt } from 'node:crypto';
import type { Answer, Question, RecordType } from 'dns-packet';
import { ask } from './ask';
import type { ServerAddress } from './ask';
import { listenForDns } from './dns-listener';
import type { DnsListener } from './dns-listener';
import type { DnsReply } from './dns-reply';
import { ResolverCache, targetOf } from './resolver-cache';
import type { Known } from './resolver-cache';
import { responseCode } from './response-code';

export interface ResolverOptions {
  readonly host: string;
  readonly port: number;
  /** Each question goes to one of them, chosen by chance; to another one when it does not answer. */
  readonly authoritative: readonly ServerAddress[];
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

const timeoutMilliseconds = 1_000;
const longestChain = 8;

/**
 * A caching resolver, as a VPC's: it keeps what authoritative servers say for as long as they say, missing names
 * included, so a change of the weights reaches its clients when the TTL has run out.
 */
export async function startResolver(options: ResolverOptions): Promise<DnsListener> {
  const { authoritative, now = () => performance.now() } = options;
  const cache = new ResolverCache(now);
  const underWay = new Map<string, Promise<Known[]>>();

  /** Many clients asking the same at once are one question. */
  const fetch = (name: string, type: RecordType): Promise<Known[]> => {
    const key = `${type} ${name.toLowerCase()}`;
    const running = underWay.get(key);
    if (running !== undefined) return running;
    const started = askAny(authoritative, { name, type, class: 'IN' }, cache).finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };

  const resolve = async ({ name, type }: Question): Promise<DnsReply> => {
    const answers: Answer[] = [];
    let owner = name;
    for (let link = 0; link < longestChain; link += 1) {
      const cached = cache.find(owner, type) ?? (type === 'CNAME' ? undefined : cache.find(owner, 'CNAME'));
      const known = cached === undefined ? await fetch(owner, type) : [cached];
      answers.push(...known.flatMap((part) => part.answers));
      const last = known.at(-1);
      if (last === undefined) break;
      const target = type === 'CNAME' ? undefined : targetOf(last.answers);
      if (target === undefined) {
        return { code: last.code, recursionAvailable: true, answers, authorities: [...last.authorities] };
      }
      owner = target;
    }
    return { code: responseCode.serverFailure, recursionAvailable: true };
  };

  return listenForDns(options, resolve);
}

async function askAny(servers: readonly ServerAddress[], question: Question, cache: ResolverCache): Promise<Known[]> {
  const left = [...servers];
  let failure: unknown = new Error('no authoritative name server was given');
  while (left.length > 0) {
    const [server] = left.splice(randomInt(left.length), 1);
    if (server === undefined) break;
    try {
      const response = await ask(server, question, timeoutMilliseconds);
      const code = (response.flags ?? 0) & 0xf;
      if (response.flag_aa && (code === responseCode.noError || code === responseCode.nameError)) {
        return cache.learn(question.name, question.type, response, code);
      }
      failure = new Error(`name server ${server.host}:${server.port} refused ${question.name} (code ${code})`);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
