import { Match } from 'aws-cdk-lib/assertions';
import { resourceOf, setProperty, type Intention } from './intention';

const alarm = 'AWS::CloudWatch::Alarm';
const bucket = { 'bucket name': 'cutover-journal-production-333333333333-eu-central-1' };

export const observabilityIntentions: Intention[] = [
  {
    title: 'silence of the replication is bad news, and latency is the largest of all tasks',
    stack: 'billing-observability',
    holds: (template) => {
      for (const side of ['Source', 'Target'])
        template.hasResourceProperties(alarm, {
          AlarmName: `cutover-production-billing-Latency${side}`,
          TreatMissingData: 'breaching',
          Metrics: Match.arrayWith([
            Match.objectLike({ Expression: 'MAX([m0, m1, m2])' }),
            Match.objectLike({
              MetricStat: Match.objectLike({
                Stat: 'Maximum',
                Metric: Match.objectLike({
                  MetricName: `CDCLatency${side}`,
                  Dimensions: [
                    { Name: 'ReplicationInstanceIdentifier', Value: 'production-billing' },
                    { Name: 'ReplicationTaskIdentifier', Value: 'production-billing-load' },
                  ],
                }),
              }),
            }),
          ]),
        });
    },
    breaks: setProperty(alarm, 'TreatMissingData', 'notBreaching', 'AlarmLatencySource'),
  },
  {
    title: 'a composite alarm stands over every other, under the name that the gates read',
    stack: 'billing-observability',
    holds: (template) => {
      const names = Object.keys(template.findResources(alarm));
      const composite = template.findResources('AWS::CloudWatch::CompositeAlarm', {
        Properties: { AlarmName: 'cutover-production-billing' },
      });
      const rule = JSON.stringify(composite);
      if (names.length < 11) throw new Error(`only ${names.length} alarms`);
      for (const name of names) if (!rule.includes(name)) throw new Error(`${name} is not in the composite alarm`);
    },
    breaks: setProperty('AWS::CloudWatch::CompositeAlarm', 'AlarmRule', 'FALSE'),
  },
  {
    title: 'a failed task is told in the schema of the chat',
    stack: 'billing-observability',
    holds: (template) =>
      template.hasResourceProperties('AWS::Events::Rule', {
        Name: 'cutover-production-billing-task-failed',
        EventPattern: Match.objectLike({ detail: { eventType: ['REPLICATION_TASK_FAILED'] } }),
        Targets: [
          Match.objectLike({
            InputTransformer: Match.objectLike({
              InputTemplate: Match.stringLikeRegexp('"version":"1.0","source":"custom"'),
            }),
          }),
        ],
      }),
    breaks: setProperty('AWS::Events::Rule', 'Targets', []),
  },
  {
    title: 'slots that nobody reads ring on both sides',
    stack: 'billing-observability',
    holds: (template) => template.resourcePropertiesCountIs(alarm, { MetricName: 'OldestReplicationSlotLag' }, 2),
    breaks: setProperty(alarm, 'MetricName', 'CPUUtilization', 'AlarmSourceRetainedLog'),
  },
];

export const foundationIntentions: Intention[] = [
  {
    title: 'the journal is versioned, locked, closed to the public and kept',
    stack: 'foundation',
    holds: (template) =>
      template.hasResource('AWS::S3::Bucket', {
        DeletionPolicy: 'Retain',
        Properties: Match.objectLike({
          BucketName: bucket['bucket name'],
          VersioningConfiguration: { Status: 'Enabled' },
          ObjectLockEnabled: true,
          ObjectLockConfiguration: Match.objectLike({ Rule: { DefaultRetention: { Days: 30, Mode: 'GOVERNANCE' } } }),
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        }),
      }),
    breaks: (template) => {
      const journal = Object.values(template.Resources ?? {}).find(
        (resource) => resource.Properties?.['BucketName'] === bucket['bucket name'],
      );
      if (journal?.Properties) journal.Properties['VersioningConfiguration'] = { Status: 'Suspended' };
    },
  },
  {
    title: 'the journal is reached over TLS only',
    stack: 'foundation',
    holds: (template) =>
      template.resourcePropertiesCountIs(
        'AWS::S3::BucketPolicy',
        {
          PolicyDocument: Match.objectLike({
            Statement: Match.arrayWith([
              Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
            ]),
          }),
        },
        2,
      ),
    breaks: (template) => {
      resourceOf(template, 'AWS::S3::BucketPolicy', 'Journal').Properties['PolicyDocument'] = {};
    },
  },
  {
    title: 'notifications are encrypted',
    stack: 'foundation',
    holds: (template) => template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() }),
    breaks: setProperty('AWS::SNS::Topic', 'KmsMasterKeyId', undefined),
  },
];
