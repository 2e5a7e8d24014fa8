import type { RecordManifest } from '../../definition/manifest/sections';
import type { Effect } from './effect';

export interface Weights {
  readonly source: number;
  readonly target: number;
}

export interface RouteReading {
  readonly record: RecordManifest;
  /** Weights in Route 53; absent where a weighted record is missing. */
  readonly weights?: Weights;
  readonly ttlSeconds?: number;
  /** Weights in SSM, from which the next deploy takes them. */
  readonly parameterWeights?: Weights;
  /** Health check on a weighted record: it could fail back to a stale side. */
  readonly hasHealthCheck: boolean;
}

/** The weighted records of a migration. Every batch carries the next counter record, so a stale operator is refused. */
export interface Routing {
  read(signal: AbortSignal): Promise<RouteReading[]>;
  /** Takes the next counter for this epoch: later batches of anyone who counted before are rejected whole. */
  claim(epoch: number): Effect;
  /** Changes all the named records in one batch. Refuses a split write record and all-zero weights. */
  shift(name: string, weights: ReadonlyMap<string, Weights>): Effect;
  /** Writes the weights' SSM parameters, so that the next deploy keeps them. */
  recordWeights(name: string, weights: ReadonlyMap<string, Weights>): Effect;
  /** True when the newest batch of this run has reached all of Route 53's own servers. */
  isInSync(signal: AbortSignal): Promise<boolean>;
  /** Stacks of this migration with an update in progress. */
  stacksUpdating(signal: AbortSignal): Promise<string[]>;
}

export interface NameAnswer {
  readonly server: string;
  /** The endpoint that the weighted record points to, without trailing dot; absent on NXDOMAIN or no answer. */
  readonly endpoint?: string;
  readonly addresses: readonly string[];
  readonly ttlSeconds?: number;
}

/** What DNS answers, as clients see it. */
export interface NameService {
  /** One answer per authoritative server (public zone), or one from the resolver (private zone). */
  ask(name: string, signal: AbortSignal): Promise<NameAnswer[]>;
  /** As a client resolves it: through the resolver, CNAMEs followed. */
  resolve(name: string, signal: AbortSignal): Promise<NameAnswer>;
}
