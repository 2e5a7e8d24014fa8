import * as sdk from '@aws-sdk/client-ssm';
import type { EndpointSeed } from '../../seed';
import { AwsError } from '../../wire/aws-error';
import { readServiceModel } from '../../wire/service-model';
import { defineService } from '../../wire/service';
import type { Service } from '../../wire/service';
import { page } from '../paging';
import { describeParameter, ParameterStore } from './parameter-store';
import type { StoredParameter } from './parameter-store';

function size(given: number | undefined, most: number): number {
  if (given === undefined) return most;
  if (given >= 1 && given <= most) return given;
  throw new AwsError('ValidationException', `maxResults must be from 1 to ${most}; got ${given}`);
}

function matches(entry: StoredParameter, filter: sdk.ParameterStringFilter): boolean {
  const values = filter.Values ?? [];
  if (filter.Key === 'Type') return values.includes(entry.type);
  if (filter.Key === 'Tier') return values.includes(entry.tier);
  if (filter.Key === 'Path') return values.some((path) => entry.name.startsWith(`${path.replace(/\/$/, '')}/`));
  if (filter.Key !== 'Name') {
    throw new sdk.InvalidFilterKey({
      message: `The filter key ${filter.Key ?? ''} is not one of Name, Path, Tier, Type`,
      $metadata: {},
    });
  }
  if (filter.Option === 'BeginsWith') return values.some((value) => entry.name.startsWith(value));
  if (filter.Option === 'Contains') return values.some((value) => entry.name.includes(value));
  return values.includes(entry.name);
}

/** The part of Systems Manager that is Parameter Store. */
export function ssmService(seed: EndpointSeed): Service {
  const store = new ParameterStore(seed.parameters);
  const arnPrefix = `arn:aws:ssm:${seed.region}:${seed.accountId}:parameter`;

  return defineService<typeof sdk>(readServiceModel(sdk, sdk.SSMClient), {
    GetParameter: ({ Name, WithDecryption }) => ({
      Parameter: describeParameter(store.get(Name ?? ''), arnPrefix, WithDecryption),
    }),

    GetParameters({ Names = [], WithDecryption }) {
      if (Names.length > 10)
        throw new AwsError('ValidationException', `names must hold at most 10; got ${Names.length}`);
      const unique = [...new Set(Names)];
      return {
        Parameters: unique.flatMap((name) => {
          const found = store.find(name);
          return found === undefined ? [] : [describeParameter(found, arnPrefix, WithDecryption)];
        }),
        InvalidParameters: unique.filter((name) => store.find(name) === undefined),
      };
    },

    GetParametersByPath({ Path = '', Recursive, WithDecryption, MaxResults, NextToken }) {
      if (!Path.startsWith('/')) {
        throw new AwsError('ValidationException', `The parameter path must begin with a slash; got '${Path}'`);
      }
      const prefix = `${Path.replace(/\/$/, '')}/`;
      const below = store.all().filter(({ name }) => {
        return name.startsWith(prefix) && (Recursive === true || !name.slice(prefix.length).includes('/'));
      });
      const { items, next } = page(below, size(MaxResults, 10), NextToken);
      return { Parameters: items.map((entry) => describeParameter(entry, arnPrefix, WithDecryption)), NextToken: next };
    },

    PutParameter(input, { accessKeyId }) {
      if (input.Overwrite === true && (input.Tags?.length ?? 0) > 0) {
        throw new AwsError('ValidationException', 'Invalid request: tags and overwrite can’t be used together.');
      }
      const { version, tier } = store.put(input, accessKeyId);
      return { Version: version, Tier: tier };
    },

    DescribeParameters({ ParameterFilters = [], MaxResults, NextToken }) {
      const wanted = store.all().filter((entry) => ParameterFilters.every((filter) => matches(entry, filter)));
      const { items, next } = page(wanted, size(MaxResults, 50), NextToken);
      const described = items.map((entry) => ({
        Name: entry.name,
        Type: entry.type,
        Version: entry.version,
        Tier: entry.tier,
        LastModifiedDate: entry.modifiedAt,
        LastModifiedUser: entry.modifiedBy,
      }));
      return { Parameters: described, NextToken: next };
    },

    GetParameterHistory({ Name, WithDecryption }) {
      store.get(Name ?? '');
      const entries = store.history(Name ?? '');
      return {
        Parameters: entries.map((entry) => {
          const { ARN: _arn, ...parameter } = describeParameter(entry, arnPrefix, WithDecryption);
          return { ...parameter, LastModifiedUser: entry.modifiedBy, Tier: entry.tier };
        }),
      };
    },

    DeleteParameter({ Name }) {
      if (store.delete(Name ?? '')) return {};
      throw new sdk.ParameterNotFound({ message: `Parameter ${Name ?? ''} not found.`, $metadata: {} });
    },
  });
}
