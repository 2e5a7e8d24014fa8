import { listenForDns } from './dns-listener';
import type { DnsListener } from './dns-listener';
import { normalName } from './record-data';
import { Zone } from './zone';
import { answerFromZones } from './zone-answers';
import type { ZoneFeed } from './zone-feed';

export interface AuthoritativeServerOptions {
  readonly host: string;
  readonly port: number;
  /** How long an accepted change takes to reach this server. */
  readonly propagationMilliseconds: number;
  readonly feed: ZoneFeed;
  /** Names of the zones that this server answers for. */
  readonly zones: readonly string[];
  /** Called when this server begins to answer by a change. */
  readonly onApplied?: (changeId: string) => void;
  /** In [0, 1), drawn afresh for each query. */
  readonly random?: () => number;
}

/**
 * One of Route 53's name servers: authoritative over UDP and TCP, weighted answers, each change of a zone visible after
 * this server's own propagation delay. The state that it finds at its start is visible at once.
 */
export async function startAuthoritativeServer(options: AuthoritativeServerOptions): Promise<DnsListener> {
  const { propagationMilliseconds, feed, onApplied, random = Math.random } = options;
  const served = new Set(options.zones.map(normalName));
  const zones = new Map<string, Zone>();
  const pending = new Set<NodeJS.Timeout>();
  let closed = false;

  const listener = await listenForDns(options, (question) => answerFromZones([...zones.values()], question, random));
  feed.subscribe(({ changeId, zoneName, records }) => {
    const name = normalName(zoneName);
    if (closed || !served.has(name)) return;
    // Indexed now: the records may change hands before they are visible here.
    const zone = new Zone(zoneName, [...records]);
    const apply = (): void => {
      zones.set(name, zone);
      onApplied?.(changeId);
    };
    if (!zones.has(name)) return apply();
    // Equal delays elapse in the order in which they began, so an older snapshot never replaces a newer one.
    const timer = setTimeout(() => {
      pending.delete(timer);
      apply();
    }, propagationMilliseconds);
    pending.add(timer);
  });
  return {
    ...listener,
    close: () => {
      closed = true;
      for (const timer of pending) clearTimeout(timer);
      return listener.close();
    },
  };
}
