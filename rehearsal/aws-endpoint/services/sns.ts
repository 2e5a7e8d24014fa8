import * as sdk from '@aws-sdk/client-sns';
import { randomUUID } from 'node:crypto';
import { readServiceModel } from '../wire/service-model';
import { defineService } from '../wire/service';
import type { Service } from '../wire/service';
import { page } from './paging';

/** SNS: what is published goes nowhere, but its subject and text stand in the request log. */
export function snsService(topics: readonly string[]): Service {
  const check = (arn: string | undefined): string => {
    if (arn !== undefined && topics.includes(arn)) return arn;
    throw new sdk.NotFoundException({ message: 'Topic does not exist', $metadata: {} });
  };
  return defineService<typeof sdk>(readServiceModel(sdk, sdk.SNSClient), {
    Publish({ TopicArn, TargetArn, Message, Subject }) {
      check(TopicArn ?? TargetArn);
      const bad = Subject !== undefined && (Subject.length === 0 || Subject.length >= 100 || /[\r\n]/.test(Subject));
      if (bad) throw new sdk.InvalidParameterException({ message: 'Invalid parameter: Subject', $metadata: {} });
      if ((Message ?? '') === '') {
        throw new sdk.InvalidParameterException({ message: 'Invalid parameter: Empty message', $metadata: {} });
      }
      return { MessageId: randomUUID() };
    },
    ListTopics({ NextToken }) {
      const { items, next } = page(topics, 100, NextToken);
      return { Topics: items.map((TopicArn) => ({ TopicArn })), NextToken: next };
    },
    GetTopicAttributes: ({ TopicArn }) => ({ Attributes: { TopicArn: check(TopicArn) } }),
  });
}
