import type { Construct } from 'constructs';
import type { Environment } from '../../definition/schema/environment';
import { CutoverStack } from '../cutover-stack';
import { journalBucket, journalBucketName } from '../runbook-access/journal-bucket';
import { SharedValue } from '../shared-value';
import { hostedZoneOf, type HostedZone } from './hosted-zone';
import { networkOf, type Network } from './network';
import { notificationTopic, topicName } from './notification-topic';

/** What the migrations of an environment share: network, zone, notifications, journal. */
export class FoundationStack extends CutoverStack {
  readonly network: Network;
  readonly hostedZone: HostedZone;
  /** The topic and the bucket have fixed names, so they can be named without an import. */
  readonly topicArn: string;
  readonly topicKeyArn: SharedValue;
  readonly journalBucketName: string;

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'foundation', environment, 'network, zone, notifications and journal');
    this.network = networkOf(this, environment);
    this.hostedZone = hostedZoneOf(this, environment, this.network);
    const { key } = notificationTopic(this, environment);
    this.topicArn = `arn:${this.partition}:sns:${this.region}:${this.account}:${topicName(environment)}`;
    this.topicKeyArn = new SharedValue(this, 'TopicKeyArn', key.keyArn);
    journalBucket(this, environment);
    this.journalBucketName = journalBucketName(environment);
  }
}
