import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Manifest, RecordManifest } from '../../../definition/manifest/sections';
import type { Effect } from '../../ports/effect';
import { adoptedSetIdentifier, type RecordAdoption, type StandingRecord } from '../../ports/record-adoption';
import type { AwsClients } from './clients';
import { during } from './during';
import { plainName, recordSetsOf } from './record-sets';

type Routing = Manifest['routing'];
type Sets = ReadonlyMap<string, readonly ResourceRecordSet[]>;

const isAdopted = (set: ResourceRecordSet) => set.SetIdentifier === adoptedSetIdentifier;
const isSimple = (set: ResourceRecordSet) => set.Type === 'CNAME' && set.SetIdentifier === undefined;

function standing(set: ResourceRecordSet): StandingRecord {
  const [first, ...more] = set.ResourceRecords ?? [];
  return {
    type: set.Type ?? '',
    ...(first?.Value !== undefined && more.length === 0 ? { value: plainName(first.Value) } : {}),
    ttlSeconds: set.TTL,
    routing: set.SetIdentifier === undefined ? 'simple' : set.Weight === undefined ? 'other' : 'weighted',
    setIdentifier: set.SetIdentifier,
    weight: set.Weight,
  };
}

/** `DELETE` repeats a set word by word, so a batch about what somebody has changed meanwhile is refused whole. */
export class Route53Adoption implements RecordAdoption {
  private readonly clients: AwsClients;
  private readonly routing: Routing;

  constructor(clients: AwsClients, routing: Routing) {
    this.clients = clients;
    this.routing = routing;
  }

  async read(signal: AbortSignal): Promise<ReadonlyMap<string, readonly StandingRecord[]>> {
    const { records } = this.routing;
    const sets = await this.sets(records, signal);
    return new Map(records.map(({ name }) => [name, (sets.get(name) ?? []).map(standing)]));
  }

  makeWeighted(names: readonly string[]): Effect {
    return this.effect('adopt-records', names, 'one weighted record', {
      isThere: (sets) => sets.some(isAdopted),
      changes: (record, sets) => {
        const simple = sets.find(isSimple);
        const value = simple?.ResourceRecords?.[0]?.Value;
        if (!simple || value === undefined || plainName(value) !== plainName(record.source.value))
          throw new Error(`${record.name} is no longer a simple CNAME of ${record.source.value}; nothing was changed`);
        const weighted: ResourceRecordSet = {
          Name: simple.Name,
          Type: simple.Type,
          TTL: record.ttlSeconds,
          SetIdentifier: adoptedSetIdentifier,
          Weight: 255,
          ResourceRecords: simple.ResourceRecords,
        };
        return [
          { Action: 'DELETE', ResourceRecordSet: simple },
          { Action: 'CREATE', ResourceRecordSet: weighted },
        ];
      },
    });
  }

  removeAdopted(names: readonly string[]): Effect {
    return this.effect('remove-adopted-records', names, 'the weighted pair alone', {
      isThere: (sets) => !sets.some(isAdopted),
      changes: (_record, sets) =>
        sets.filter(isAdopted).map((set): Change => ({ Action: 'DELETE', ResourceRecordSet: set })),
    });
  }

  private effect(
    name: string,
    names: readonly string[],
    wanted: string,
    of: {
      isThere: (sets: readonly ResourceRecordSet[]) => boolean;
      changes: (record: RecordManifest, sets: readonly ResourceRecordSet[]) => Change[];
    },
  ): Effect {
    const records = this.routing.records.filter((record) => names.includes(record.name));
    const isThere = async (signal: AbortSignal) => {
      const sets = await this.sets(records, signal);
      return records.every((record) => of.isThere(sets.get(record.name) ?? []));
    };
    return {
      name,
      touches: `Route 53 zone ${this.routing.zoneId}: ${names.join(', ')} becomes ${wanted}`,
      precheck: isThere,
      act: async (signal) => {
        const sets = await this.sets(records, signal);
        const Changes = records.flatMap((record) => {
          const present = sets.get(record.name) ?? [];
          return of.isThere(present) ? [] : of.changes(record, present);
        });
        const input = { HostedZoneId: this.routing.zoneId, ChangeBatch: { Comment: `cutover ${name}`, Changes } };
        const { sdk, client } = await this.clients.route53();
        await during(signal, (options) => client.send(new sdk.ChangeResourceRecordSetsCommand(input), options)).catch(
          async (error: unknown) => {
            // A lost answer may hide a success, and the repeated call then finds nothing to delete: the zone knows.
            if (signal.aborted || !(await isThere(signal))) throw error;
          },
        );
      },
      verify: isThere,
    };
  }

  private async sets(records: readonly RecordManifest[], signal: AbortSignal): Promise<Sets> {
    const names = records.map((record) => record.name);
    const found = await recordSetsOf(this.clients, this.routing.zoneId, names, signal);
    return new Map(names.map((name) => [name, found.get(plainName(name)) ?? []]));
  }
}
