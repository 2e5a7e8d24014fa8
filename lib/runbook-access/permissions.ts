import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What the policies of a migration are about, as ARNs and names. */
export interface AccessScope {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly environment: string;
  readonly migration: string;
  readonly zoneId: string;
  readonly recordNames: string[];
  /** Of these, the ones that `adopt-records` may turn from a simple record into a pair. */
  readonly adoptedNames: string[];
  readonly taskArns: string[];
  /** Serverless replications, where there are any. */
  readonly replicationConfigArns: string[];
  readonly secretArns: string[];
  readonly keyArns: string[];
  readonly journalBucketArn: string;
  readonly topicArn: string;
  readonly topicKeyArn: string;
  readonly sourceIdentifier: string | undefined;
  readonly targetIdentifier: string;
  readonly targetIsCluster: boolean;
}

const allow = (sid: string, actions: string[], resources: string[], conditions?: object): PolicyStatement =>
  new PolicyStatement({
    sid,
    effect: Effect.ALLOW,
    actions,
    resources,
    ...(conditions === undefined ? {} : { conditions: conditions }),
  });

const arn = (scope: AccessScope, service: string, resource: string, region = scope.region) =>
  `arn:${scope.partition}:${service}:${region}:${scope.account}:${resource}`;
const hostedZone = (scope: AccessScope) => `arn:${scope.partition}:route53:::hostedzone/${scope.zoneId}`;
const parameters = (scope: AccessScope, folder: string) =>
  arn(scope, 'ssm', `parameter/cutover/${scope.environment}/${scope.migration}/${folder}`);
const journalRecords = (scope: AccessScope) =>
  `${scope.journalBucketArn}/journal/${scope.environment}/${scope.migration}/*`;
const lock = (scope: AccessScope) => `${scope.journalBucketArn}/locks/${scope.environment}/${scope.migration}.json`;
const journal = (scope: AccessScope) => [journalRecords(scope), lock(scope)];

const ofServerless = (scope: AccessScope, sid: string, actions: string[]): PolicyStatement[] =>
  scope.replicationConfigArns.length === 0 ? [] : [allow(sid, actions, scope.replicationConfigArns)];

/** Snapshots of the runbooks begin with the name of the product. */
export const snapshotArns = (scope: AccessScope): string[] => [
  arn(scope, 'rds', 'snapshot:cutover-*'),
  ...(scope.targetIsCluster ? [arn(scope, 'rds', 'cluster-snapshot:cutover-*')] : []),
];

const readParameters = (scope: AccessScope, folders: string[]): PolicyStatement =>
  allow(
    'ReadParameters',
    ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
    folders.flatMap((folder) => [parameters(scope, folder), parameters(scope, `${folder}/*`)]),
  );

/** What `status` and `check` do: Get, List, Describe, and logging in to the databases. */
export function readingStatements(scope: AccessScope): PolicyStatement[] {
  return [
    // These calls know no resources (service authorization reference of each).
    allow(
      'ReadSurroundings',
      [
        'dms:DescribeReplicationInstances',
        'dms:DescribeReplicationTasks',
        'rds:DescribeDBInstances',
        'rds:DescribeDBClusters',
        'rds:DescribeDBSnapshots',
        'rds:DescribeDBClusterSnapshots',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:GetMetricData',
        'cloudwatch:GetMetricStatistics',
        'cloudformation:DescribeStacks',
        ...(scope.replicationConfigArns.length > 0 ? ['dms:DescribeReplications', 'cloudwatch:ListMetrics'] : []),
      ],
      ['*'],
    ),
    allow('ReadTasks', ['dms:DescribeTableStatistics'], scope.taskArns),
    ...ofServerless(scope, 'ReadReplications', ['dms:DescribeReplicationTableStatistics']),
    allow('ReadRecords', ['route53:ListResourceRecordSets', 'route53:GetHostedZone'], [hostedZone(scope)]),
    allow('ReadChanges', ['route53:GetChange'], [`arn:${scope.partition}:route53:::change/*`]),
    readParameters(scope, ['manifest', 'weights']),
    allow('ReadLogins', ['secretsmanager:GetSecretValue'], scope.secretArns),
    allow('OpenLogins', ['kms:Decrypt'], scope.keyArns, {
      StringEquals: { 'kms:ViaService': `secretsmanager.${scope.region}.amazonaws.com` },
    }),
    ...readingJournal(scope),
  ];
}

const readingJournal = (scope: AccessScope): PolicyStatement[] => [
  allow('ReadJournal', ['s3:GetObject'], journal(scope)),
  allow('ListJournal', ['s3:ListBucket'], [scope.journalBucketArn], {
    StringLike: {
      's3:prefix': [
        `journal/${scope.environment}/${scope.migration}/*`,
        `locks/${scope.environment}/${scope.migration}.json`,
      ],
    },
  }),
];

/**
 * The conditions on a change batch are sets over the whole request; the Null conditions refuse a request that lacks the keys,
 * which `ForAllValues` alone would let through.
 */
function changeRecords(
  scope: AccessScope,
  { names, types, actions }: Record<'names' | 'types' | 'actions', string[]>,
): PolicyStatement {
  const key = (name: string) => `route53:ChangeResourceRecordSets${name}`;
  return allow('ChangeRecords', ['route53:ChangeResourceRecordSets'], [hostedZone(scope)], {
    'ForAllValues:StringLike': { [key('NormalizedRecordNames')]: names },
    'ForAllValues:StringEquals': { [key('RecordTypes')]: types, [key('Actions')]: actions },
    Null: {
      [key('NormalizedRecordNames')]: 'false',
      [key('RecordTypes')]: 'false',
      [key('Actions')]: 'false',
    },
  });
}

/** What `adopt-records` does, and nobody else: it deletes. */
export function adoptingStatements(scope: AccessScope): PolicyStatement[] {
  return [
    readParameters(scope, ['manifest']),
    allow('ReadRecords', ['route53:ListResourceRecordSets'], [hostedZone(scope)]),
    changeRecords(scope, { names: scope.adoptedNames, types: ['CNAME'], actions: ['CREATE', 'DELETE'] }),
    ...readingJournal(scope),
    allow('WriteJournal', ['s3:PutObject'], [journalRecords(scope)]),
  ];
}

/** What the runbooks change: exactly the named records and their counters, exactly their tasks, their weights and their journal. */
export function changingStatements(scope: AccessScope): PolicyStatement[] {
  const snapshotOf = scope.targetIsCluster ? 'cluster' : 'db';
  return [
    changeRecords(scope, {
      names: scope.recordNames.flatMap((name) => [name, `_cutover-*.${name}`]),
      types: ['CNAME', 'TXT'],
      actions: ['CREATE', 'UPSERT'],
    }),
    allow('RunTasks', ['dms:StartReplicationTask', 'dms:StopReplicationTask'], scope.taskArns),
    ...ofServerless(scope, 'RunReplications', ['dms:StartReplication', 'dms:StopReplication']),
    allow('OwnWeights', ['ssm:PutParameter'], [parameters(scope, 'weights/*')]),
    allow('WriteJournal', ['s3:PutObject'], journal(scope)),
    allow(
      'TakeSnapshot',
      [
        'rds:CreateDBSnapshot',
        ...(scope.targetIsCluster ? ['rds:CreateDBClusterSnapshot'] : []),
        'rds:AddTagsToResource',
      ],
      [
        arn(scope, 'rds', `${snapshotOf}:${scope.targetIdentifier}`),
        ...(scope.sourceIdentifier === undefined ? [] : [arn(scope, 'rds', `db:${scope.sourceIdentifier}`)]),
        ...snapshotArns(scope),
      ],
    ),
    allow('Notify', ['sns:Publish'], [scope.topicArn]),
    allow('EncryptNotifications', ['kms:Decrypt', 'kms:GenerateDataKey'], [scope.topicKeyArn], {
      StringEquals: { 'kms:ViaService': `sns.${scope.region}.amazonaws.com` },
    }),
  ];
}
