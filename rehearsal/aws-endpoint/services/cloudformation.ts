import * as sdk from '@aws-sdk/client-cloudformation';
import type { EndpointSeed } from '../seed';
import { AwsError } from '../wire/aws-error';
import { readServiceModel } from '../wire/service-model';
import { defineService } from '../wire/service';
import type { Service } from '../wire/service';
import { page } from './paging';

type StackSeed = EndpointSeed['stacks'][number];

/** CloudFormation, as far as asking goes: the seed's stacks with their status and template. */
export function cloudFormationService(seed: EndpointSeed): Service {
  const createdAt = new Date();
  const stackId = (name: string): string =>
    `arn:aws:cloudformation:${seed.region}:${seed.accountId}:stack/${name}/00000000-0000-4000-8000-000000000000`;

  const describe = ({ name, status, template: _template, ...rest }: StackSeed): sdk.Stack => ({
    StackName: name,
    StackId: stackId(name),
    StackStatus: status as sdk.StackStatus,
    CreationTime: createdAt,
    ...rest,
  });

  const find = (wanted: string | undefined): StackSeed => {
    const found = seed.stacks.find(({ name }) => name === wanted || stackId(name) === wanted);
    if (found !== undefined) return found;
    throw new AwsError('ValidationError', `Stack with id ${wanted ?? ''} does not exist`);
  };

  return defineService<typeof sdk>(readServiceModel(sdk, sdk.CloudFormationClient), {
    DescribeStacks({ StackName, NextToken }) {
      if (StackName !== undefined) return { Stacks: [describe(find(StackName))] };
      const { items, next } = page(seed.stacks, 100, NextToken);
      return { Stacks: items.map(describe), NextToken: next };
    },
    ListStacks({ StackStatusFilter, NextToken }) {
      const wanted = seed.stacks.filter(({ status }) => StackStatusFilter?.includes(status as sdk.StackStatus) ?? true);
      const { items, next } = page(wanted, 100, NextToken);
      const summaries = items.map(({ name, status }) => ({
        StackName: name,
        StackId: stackId(name),
        StackStatus: status as sdk.StackStatus,
        CreationTime: createdAt,
      }));
      return { StackSummaries: summaries, NextToken: next };
    },
    GetTemplate: ({ StackName }) => ({ TemplateBody: find(StackName).template ?? '{}', StagesAvailable: ['Original'] }),
  });
}
