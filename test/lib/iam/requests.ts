import type { AccessRequest } from './evaluate';

const arn = (service: string, resource: string, region = 'eu-central-1') =>
  `arn:aws:${service}:${region}:333333333333:${resource}`;
const zone = 'arn:aws:route53:::hostedzone/Z0PRODUCTIONINTERNAL';
const task = (name: string) => arn('dms', `task:production-billing-${name}`);
const parameter = (path: string) => arn('ssm', `parameter/cutover/production/${path}`);
const secret = (name: string) => arn('secretsmanager', `secret:cutover/production/${name}-Ab12Cd`);
const object = (key: string) => `arn:aws:s3:::cutover-journal-production-333333333333-eu-central-1/${key}`;
const bucket = 'arn:aws:s3:::cutover-journal-production-333333333333-eu-central-1';
const topic = arn('sns', 'cutover-production');
const write = 'billing-db.internal.example.com';
const read = 'billing-db-read.internal.example.com';

/** A change batch as Route 53 describes it to IAM: sets over the whole request. */
function batch(names: string[], types = ['CNAME', 'TXT'], actions = ['CREATE', 'UPSERT'], of = zone): AccessRequest {
  const key = (name: string) => `route53:ChangeResourceRecordSets${name}`;
  return {
    action: 'route53:ChangeResourceRecordSets',
    resource: of,
    context: { [key('NormalizedRecordNames')]: names, [key('RecordTypes')]: types, [key('Actions')]: actions },
  };
}

const viaSecrets = { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' };

/** What `status` and `check` do. */
export const readings: Record<string, AccessRequest> = {
  'read the manifest': { action: 'ssm:GetParametersByPath', resource: parameter('billing/manifest') },
  'read a section': { action: 'ssm:GetParameter', resource: parameter('billing/manifest/gates') },
  'read a weight': { action: 'ssm:GetParameters', resource: parameter(`billing/weights/${write}/source`) },
  'read the records': { action: 'route53:ListResourceRecordSets', resource: zone },
  'follow a change': { action: 'route53:GetChange', resource: 'arn:aws:route53:::change/C123' },
  'read the tasks': { action: 'dms:DescribeReplicationTasks', resource: '*' },
  'read the instance': { action: 'dms:DescribeReplicationInstances', resource: '*' },
  'read snapshots': { action: 'rds:DescribeDBSnapshots', resource: '*' },
  'read snapshots of clusters': { action: 'rds:DescribeDBClusterSnapshots', resource: '*' },
  'read the tables of a task': { action: 'dms:DescribeTableStatistics', resource: task('reverse') },
  'read metrics': { action: 'cloudwatch:GetMetricData', resource: '*' },
  'read alarms': { action: 'cloudwatch:DescribeAlarms', resource: '*' },
  'read stacks': { action: 'cloudformation:DescribeStacks', resource: '*' },
  'read the database': { action: 'rds:DescribeDBInstances', resource: '*' },
  'read a login of the application': {
    action: 'secretsmanager:GetSecretValue',
    resource: secret('billing/accounts/billing_app'),
  },
  'read the login of the runbooks': {
    action: 'secretsmanager:GetSecretValue',
    resource: secret('billing/source/runbook'),
  },
  'open a login': { action: 'kms:Decrypt', resource: 'billing-target-database/Key961B73FD.Arn', context: viaSecrets },
  'read the journal': { action: 's3:GetObject', resource: object('journal/production/billing/r1/00000001.json') },
  'read the lock': { action: 's3:GetObject', resource: object('locks/production/billing.json') },
  'list the journal': {
    action: 's3:ListBucket',
    resource: bucket,
    context: { 's3:prefix': 'journal/production/billing/r1/' },
  },
};

/** What only the runbooks do. */
export const changes: Record<string, AccessRequest> = {
  'switch both records with a counter': batch([write, read, `_cutover-17.${write}`, `_cutover-17.${read}`]),
  'claim with counters alone': batch([`_cutover-18.${write}`], ['TXT'], ['CREATE']),
  'start a task': { action: 'dms:StartReplicationTask', resource: task('reverse') },
  'stop a task': { action: 'dms:StopReplicationTask', resource: task('load') },
  'write a weight': { action: 'ssm:PutParameter', resource: parameter(`billing/weights/${write}/target`) },
  'write the journal': { action: 's3:PutObject', resource: object('journal/production/billing/r1/00000002.json') },
  'take the lock': { action: 's3:PutObject', resource: object('locks/production/billing.json') },
  'take a snapshot': { action: 'rds:CreateDBSnapshot', resource: arn('rds', 'db:production-billing-target') },
  'take a snapshot of the source': { action: 'rds:CreateDBSnapshot', resource: arn('rds', 'db:billing') },
  'name the snapshot': { action: 'rds:CreateDBSnapshot', resource: arn('rds', 'snapshot:cutover-billing-1') },
  notify: { action: 'sns:Publish', resource: topic },
};

const replication = (name: string) => arn('dms', `replication-config:production-${name}`);
/** What only a serverless load needs. */
export const serverlessLoad: Record<string, AccessRequest> = {
  'read serverless replications': { action: 'dms:DescribeReplications', resource: '*' },
  'read the tables of the load': {
    action: 'dms:DescribeReplicationTableStatistics',
    resource: replication('billing-load'),
  },
  'find its metrics': { action: 'cloudwatch:ListMetrics', resource: '*' },
  'start the load': { action: 'dms:StartReplication', resource: replication('billing-load') },
  'stop the load': { action: 'dms:StopReplication', resource: replication('billing-load') },
};

export const serverlessNearMisses: Record<string, AccessRequest> = {
  'the load of another migration': { action: 'dms:StartReplication', resource: replication('orders-load') },
  'stop that of another migration': { action: 'dms:StopReplication', resource: replication('orders-load') },
  'delete the load': { action: 'dms:DeleteReplicationConfig', resource: replication('billing-load') },
  'change the load': { action: 'dms:ModifyReplicationConfig', resource: replication('billing-load') },
  'reload its tables': { action: 'dms:ReloadReplicationTables', resource: replication('billing-load') },
  'a task of the name that the load would have': { action: 'dms:StartReplicationTask', resource: task('load') },
};

/** What only a migration to a cluster needs. */
export const clusterSnapshot: AccessRequest = {
  action: 'rds:CreateDBClusterSnapshot',
  resource: arn('rds', 'cluster:production-orders-target'),
};

/** What `adopt-records` does where `billing-db` replaces a simple record. */
export const adoption: Record<string, AccessRequest> = {
  'read the manifest': readings['read the manifest']!,
  'read the records': readings['read the records']!,
  'turn a simple record into a weighted one': batch([write], ['CNAME'], ['CREATE', 'DELETE']),
  'remove what it made': batch([write], ['CNAME'], ['DELETE']),
  'read the lock': readings['read the lock']!,
  'write the journal': {
    action: 's3:PutObject',
    resource: object('journal/production/billing/adopt-records-1/00000001.json'),
  },
};

export const adoptionNearMisses: Record<string, AccessRequest> = {
  'delete the other record of the migration': batch([read], ['CNAME'], ['DELETE']),
  'delete it together with another': batch([write, read], ['CNAME'], ['CREATE', 'DELETE']),
  'delete a counter': batch([`_cutover-17.${write}`], ['TXT'], ['DELETE']),
  'change what stands': batch([write], ['CNAME'], ['UPSERT']),
  'delete the zone’s own records': batch(['internal.example.com'], ['NS'], ['DELETE']),
  'a record of another zone': batch([write], ['CNAME'], ['DELETE'], 'arn:aws:route53:::hostedzone/Z0OTHER'),
  'a batch without the condition keys': { ...batch([]), context: {} },
  'take the lock': { action: 's3:PutObject', resource: object('locks/production/billing.json') },
  'write a weight': { action: 'ssm:PutParameter', resource: parameter(`billing/weights/${write}/target`) },
  'read a login': { action: 'secretsmanager:GetSecretValue', resource: secret('billing/source/runbook') },
  'start a task': { action: 'dms:StartReplicationTask', resource: task('load') },
};

const withoutKeys = { ...batch([]), context: {} };

/** What comes near, and must be refused. */
export const nearMisses: Record<string, AccessRequest> = {
  'another record': batch(['orders.internal.example.com']),
  'an allowed record together with an undeclared one': batch([write, 'www.internal.example.com']),
  'a name that ends alike': batch([`x${write}`]),
  'the zone apex': batch(['internal.example.com']),
  'another type': batch([write], ['A']),
  'an allowed type together with another': batch([write], ['CNAME', 'NS']),
  DELETE: batch([write], ['CNAME'], ['DELETE']),
  'UPSERT together with DELETE': batch([write], ['CNAME'], ['UPSERT', 'DELETE']),
  'another zone': batch([write], ['CNAME'], ['UPSERT'], 'arn:aws:route53:::hostedzone/Z0OTHER'),
  'a batch without the condition keys': withoutKeys,
  'the hosted zone itself': { action: 'route53:DeleteHostedZone', resource: zone },
  'a task of another migration': {
    action: 'dms:StartReplicationTask',
    resource: arn('dms', 'task:production-orders-load'),
  },
  'deleting a task': { action: 'dms:DeleteReplicationTask', resource: task('forward') },
  'changing a task': { action: 'dms:ModifyReplicationTask', resource: task('forward') },
  'reloading tables': { action: 'dms:ReloadTables', resource: task('load') },
  'a login of another migration': {
    action: 'secretsmanager:GetSecretValue',
    resource: secret('orders/accounts/orders_app'),
  },
  'the master login': { action: 'secretsmanager:GetSecretValue', resource: secret('billing/target/master') },
  'a login whose name begins alike': {
    action: 'secretsmanager:GetSecretValue',
    resource: arn('secretsmanager', 'secret:cutover/production/billing/source/runbook-of-others-Ab12Cd'),
  },
  'changing a login': { action: 'secretsmanager:PutSecretValue', resource: secret('billing/source/runbook') },
  'the journal of another migration': {
    action: 's3:PutObject',
    resource: object('journal/production/orders/r1/00000001.json'),
  },
  'the journal of another environment': {
    action: 's3:PutObject',
    resource: object('journal/staging/billing/r1/00000001.json'),
  },
  'the lock of another migration': { action: 's3:PutObject', resource: object('locks/production/orders.json') },
  'deleting a record of the journal': {
    action: 's3:DeleteObject',
    resource: object('journal/production/billing/r1/00000001.json'),
  },
  'an old version of the journal': {
    action: 's3:DeleteObjectVersion',
    resource: object('journal/production/billing/r1/00000001.json'),
  },
  'lifting the object lock': {
    action: 's3:BypassGovernanceRetention',
    resource: object('locks/production/billing.json'),
  },
  'listing the whole bucket': { action: 's3:ListBucket', resource: bucket, context: { 's3:prefix': '' } },
  'changing the database': { action: 'rds:ModifyDBInstance', resource: arn('rds', 'db:production-billing-target') },
  'deleting the database': { action: 'rds:DeleteDBInstance', resource: arn('rds', 'db:production-billing-target') },
  'a snapshot of another database': {
    action: 'rds:CreateDBSnapshot',
    resource: arn('rds', 'db:production-orders-target'),
  },
  'writing the manifest': { action: 'ssm:PutParameter', resource: parameter('billing/manifest/gates') },
  'a weight of another migration': {
    action: 'ssm:PutParameter',
    resource: parameter('orders/weights/orders.internal.example.com/source'),
  },
  'a key outside of Secrets Manager': {
    action: 'kms:Decrypt',
    resource: 'billing-target-database/Key961B73FD.Arn',
    context: {},
  },
  'another topic': { action: 'sns:Publish', resource: arn('sns', 'other') },
  'its own role': {
    action: 'iam:PutRolePolicy',
    resource: 'arn:aws:iam::333333333333:role/cutover-production-billing-runbook',
  },
  'an update of a stack': {
    action: 'cloudformation:UpdateStack',
    resource: arn('cloudformation', 'stack/production-billing-routing/x'),
  },
};
