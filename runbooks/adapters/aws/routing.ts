import type { Change } from '@aws-sdk/client-route-53';
import type { Manifest, RecordManifest } from '../../../definition/manifest/sections';
import type { Nonces } from '../../ports/clock';
import type { Effect } from '../../ports/effect';
import type { RouteReading, Routing, Weights } from '../../ports/routing';
import type { AwsClients } from './clients';
import { CountedBatches } from './counted-batches';
import { plainName, recordSetsOf } from './record-sets';
import { stacksUpdating } from './stacks-updating';
import { WeightParameters } from './weight-parameters';
import { checkEndpoint, checkWeights, pairOf, weightsOf, type WeightedPair } from './weighted-pair';

export interface RoutingOptions {
  readonly clients: AwsClients;
  readonly routing: Manifest['routing'];
  readonly nonces: Nonces;
  /** Throws when this run no longer holds the lock: SSM cannot refuse an epoch by itself. */
  readonly assertHeld: (signal: AbortSignal) => Promise<void>;
}

const equal = (a: Weights | undefined, b: Weights) => a?.source === b.source && a.target === b.target;
const show = (weights: ReadonlyMap<string, Weights>) =>
  [...weights].map(([name, { source, target }]) => `${name} source ${source} target ${target}`).join(', ');

/** The weighted records in Route 53, and their weights' parameters in SSM. */
export class Route53Routing implements Routing {
  private readonly options: RoutingOptions;
  private readonly parameters: WeightParameters;
  private readonly batches: CountedBatches;

  constructor(options: RoutingOptions) {
    const { clients, nonces, routing } = options;
    const { zoneId, records } = routing;
    const first = records.find((record) => record.kind === 'write') ?? records[0];
    if (!first) throw new Error('the manifest has no record');
    this.options = options;
    this.parameters = new WeightParameters(clients);
    this.batches = new CountedBatches({ clients, zoneId, name: first.name, nonces });
  }

  async read(signal: AbortSignal): Promise<RouteReading[]> {
    const { records } = this.options.routing;
    const [pairs, parameters] = await Promise.all([this.pairs(records, signal), this.parameters.read(records, signal)]);
    return records.map((record) => {
      const pair = pairs.get(record.name);
      const parameterWeights = parameters.get(record.name);
      return {
        record,
        ...(pair ? { weights: weightsOf(pair), ttlSeconds: pair.source.TTL } : {}),
        ...(parameterWeights ? { parameterWeights } : {}),
        hasHealthCheck: pair !== undefined && [pair.source, pair.target].some((set) => set.HealthCheckId !== undefined),
      };
    });
  }

  claim(epoch: number): Effect {
    return {
      name: 'claim-route',
      touches: `the change counter below ${this.options.routing.records[0]?.name ?? ''} in zone ${this.options.routing.zoneId}`,
      precheck: (signal) => this.batches.isClaimed(epoch, signal),
      act: (signal) => this.batches.claim(epoch, signal),
      verify: (signal) => this.batches.isClaimed(epoch, signal),
    };
  }

  shift(name: string, weights: ReadonlyMap<string, Weights>): Effect {
    const wanted = this.wanted(weights);
    // The zone as it was just read serves the change as well: five requests a second are all that the account has.
    let pairs: ReadonlyMap<string, WeightedPair | undefined> | undefined;
    const isThere = async (signal: AbortSignal) => {
      const present = await this.pairs([...wanted.keys()], signal);
      pairs = present;
      return [...wanted].every(([record, each]) => {
        const pair = present.get(record.name);
        return pair !== undefined && equal(weightsOf(pair), each);
      });
    };
    return {
      name,
      touches: `Route 53 zone ${this.options.routing.zoneId}: ${show(weights)}`,
      precheck: isThere,
      act: async (signal) => {
        pairs ??= await this.pairs([...wanted.keys()], signal);
        await this.batches.send(this.changes(wanted, pairs), signal);
      },
      verify: isThere,
    };
  }

  recordWeights(name: string, weights: ReadonlyMap<string, Weights>): Effect {
    const wanted = this.wanted(weights);
    const isThere = async (signal: AbortSignal) => {
      const present = await this.parameters.read([...wanted.keys()], signal);
      return [...wanted].every(([record, each]) => equal(present.get(record.name), each));
    };
    return {
      name,
      touches: `SSM weight parameters: ${show(weights)}`,
      precheck: isThere,
      act: async (signal) => {
        await this.options.assertHeld(signal);
        for (const [record, each] of wanted) await this.parameters.write(record, each, signal);
      },
      verify: isThere,
    };
  }

  isInSync(signal: AbortSignal): Promise<boolean> {
    return this.batches.isInSync(signal);
  }

  stacksUpdating(signal: AbortSignal): Promise<string[]> {
    return stacksUpdating(this.options.clients, this.options.routing.stackNames, signal);
  }

  private wanted(weights: ReadonlyMap<string, Weights>): Map<RecordManifest, Weights> {
    const { records } = this.options.routing;
    const wanted = new Map<RecordManifest, Weights>();
    for (const [name, each] of weights) {
      const record = records.find((candidate) => plainName(candidate.name) === plainName(name));
      if (!record)
        throw new Error(
          `${name} is no record of this migration; it has ${records.map((known) => known.name).join(', ')}`,
        );
      checkWeights(record, each);
      wanted.set(record, each);
    }
    if (wanted.size === 0) throw new Error('no record was named');
    return wanted;
  }

  private async pairs(
    records: readonly RecordManifest[],
    signal: AbortSignal,
  ): Promise<Map<string, WeightedPair | undefined>> {
    const names = records.map((record) => record.name);
    const sets = await recordSetsOf(this.options.clients, this.options.routing.zoneId, names, signal);
    return new Map(records.map((record) => [record.name, pairOf(record, sets.get(plainName(record.name)) ?? [])]));
  }

  /** Both sides of every record as they stand, with the new weights: what else they carry is kept. */
  private changes(
    wanted: ReadonlyMap<RecordManifest, Weights>,
    pairs: ReadonlyMap<string, WeightedPair | undefined>,
  ): Change[] {
    return [...wanted].flatMap(([record, weights]) => {
      const pair = pairs.get(record.name);
      if (!pair)
        throw new Error(
          `${record.name} has no weighted records "${record.source.setIdentifier}" and "${record.target.setIdentifier}"; cdk deploy creates them`,
        );
      return (['source', 'target'] as const).map((side): Change => {
        if (weights[side] > 0) checkEndpoint(record, side, pair[side]);
        return { Action: 'UPSERT', ResourceRecordSet: { ...pair[side], Weight: weights[side] } };
      });
    });
  }
}
