import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Environment } from '../../definition/schema/environment';
import { resourceName } from '../naming';

export const topicName = (environment: Environment): string => resourceName('cutover', environment.name);

/** Alarms, events of DMS and every step of a runbook; encrypted, TLS only. */
export function notificationTopic(scope: Construct, environment: Environment): { key: kms.Key } {
  const key = new kms.Key(scope, 'NotificationKey', {
    description: `Notifications of Cutover in ${environment.name}`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const publishers = ['cloudwatch.amazonaws.com', 'events.amazonaws.com', 'dms.amazonaws.com'];
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: publishers.map((service) => new iam.ServicePrincipal(service)),
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': environment.account } },
    }),
  );
  const topic = new sns.Topic(scope, 'Notifications', {
    topicName: topicName(environment),
    displayName: `Cutover ${environment.name}`,
    masterKey: key,
    enforceSSL: true,
  });
  topic.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: publishers.map((service) => new iam.ServicePrincipal(service)),
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  for (const address of environment.notifications.emails)
    topic.addSubscription(new subscriptions.EmailSubscription(address));
  for (const url of environment.notifications.chatSubscriptions)
    topic.addSubscription(new subscriptions.UrlSubscription(url, { protocol: sns.SubscriptionProtocol.HTTPS }));
  return { key };
}
