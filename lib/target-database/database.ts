import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { portOf } from '../../definition/manifest/build';
import type { Migration } from '../../definition/schema/migration';
import { acknowledge } from '../acknowledge';
import { passwordExclusions } from './database-secrets';

/** The target as the other stacks need it. */
export interface Database {
  readonly host: string;
  readonly readerHost?: string;
  readonly identifier: string;
  readonly isCluster: boolean;
  readonly masterSecret: secretsmanager.ISecret;
}

export interface DatabaseProps {
  readonly identifier: string;
  readonly migration: Migration;
  readonly vpc: ec2.IVpc;
  readonly subnetGroup: rds.ISubnetGroup;
  readonly securityGroup: ec2.ISecurityGroup;
  readonly key: kms.IKey;
  readonly masterSecretName: string;
  readonly parameterGroup: rds.ParameterGroup;
  readonly exportedLogs: string[];
}

/** What an RDS instance and an Aurora cluster have in common. */
export function commonProps({ migration, ...props }: DatabaseProps) {
  const { target, accounts } = migration;
  return {
    vpc: props.vpc,
    subnetGroup: props.subnetGroup,
    securityGroups: [props.securityGroup],
    credentials: rds.Credentials.fromGeneratedSecret(accounts.master, {
      secretName: props.masterSecretName,
      encryptionKey: props.key,
      excludeCharacters: passwordExclusions,
    }),
    storageEncryptionKey: props.key,
    parameterGroup: props.parameterGroup,
    iamAuthentication: true,
    deletionProtection: target.deletionProtection,
    removalPolicy: RemovalPolicy.SNAPSHOT,
    copyTagsToSnapshot: true,
    cloudwatchLogsExports: props.exportedLogs,
    monitoringInterval: Duration.minutes(1),
    port: portOf(migration, 'target'),
  };
}

/** Made before the database writes to them, so that their retention is ours and they need no custom resource. */
export function logGroups(scope: Construct, kind: 'instance' | 'cluster', identifier: string, names: string[]): void {
  for (const name of names)
    new logs.LogGroup(scope, `Log${name.charAt(0).toUpperCase()}${name.slice(1)}`, {
      logGroupName: `/aws/rds/${kind}/${identifier}/${name}`,
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
}

/** The final snapshot is of no use without the login of its master account. */
export function keptSecret(secret: secretsmanager.ISecret | undefined): secretsmanager.ISecret {
  if (!secret) throw new Error('RDS made no secret for the master account');
  secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return secret;
}

export function acknowledgeDatabase(database: Construct, { migration }: DatabaseProps): void {
  acknowledge(database, {
    RDS11: 'clients of a database-level record keep the port that they have; the network admits named peers only',
    SMG4: 'a rotation under way would break replication and the way back; rotate after finalize',
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]':
      'the policy that RDS documents for enhanced monitoring',
    ...(migration.target.multiAz ? {} : { RDS3: 'the definition asks for no standby here' }),
    ...(migration.target.deletionProtection ? {} : { RDS10: 'the definition asks for no deletion protection here' }),
  });
}
