import { Match } from 'aws-cdk-lib/assertions';
import { resourceOf, setProperty, type Intention } from './intention';

const instance = 'AWS::RDS::DBInstance';
const stack = 'billing-target-database';
const has =
  (properties: object): Intention['holds'] =>
  (template) =>
    template.hasResourceProperties(instance, properties);
const property = (title: string, name: string, value: unknown, broken: unknown): Intention => ({
  title,
  stack,
  holds: has({ [name]: value }),
  breaks: setProperty(instance, name, broken),
});

export const targetDatabaseIntentions: Intention[] = [
  property('RDS refuses to delete the database', 'DeletionProtection', true, false),
  property('storage is encrypted', 'StorageEncrypted', true, false),
  property('no address on the internet', 'PubliclyAccessible', false, true),
  property('a standby in a second zone', 'MultiAZ', true, false),
  property('backups are kept for two weeks', 'BackupRetentionPeriod', 14, 1),
  property('backups outlive the database', 'DeleteAutomatedBackups', false, true),
  property('accounts can log in with IAM', 'EnableIAMDatabaseAuthentication', true, false),
  property('a deploy never upgrades the major version', 'AllowMajorVersionUpgrade', false, true),
  property('RDS never upgrades by itself', 'AutoMinorVersionUpgrade', false, true),
  property('performance insights are on', 'EnablePerformanceInsights', true, false),
  property('a named database cannot be replaced in silence', 'DBInstanceIdentifier', 'production-billing-target', 'x'),
  property('the certificate is of a known authority', 'CACertificateIdentifier', 'rds-ca-rsa2048-g1', 'rds-ca-2019'),
  property('logs leave the instance', 'EnableCloudwatchLogsExports', ['postgresql', 'upgrade'], []),
  {
    title: 'a removed database leaves a snapshot',
    stack,
    holds: (template) =>
      template.hasResource(instance, { DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot' }),
    breaks: (template) => {
      resourceOf(template, instance).DeletionPolicy = 'Delete';
    },
  },
  {
    title: 'the key of the snapshots stays',
    stack,
    holds: (template) => template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain' }),
    breaks: (template) => {
      resourceOf(template, 'AWS::KMS::Key').DeletionPolicy = 'Delete';
    },
  },
  {
    title: 'TLS is forced and the way back needs no reboot',
    stack,
    holds: (template) =>
      template.hasResourceProperties('AWS::RDS::DBParameterGroup', {
        Parameters: Match.objectLike({ 'rds.force_ssl': '1', 'rds.logical_replication': '1' }),
      }),
    breaks: (template) => {
      delete (resourceOf(template, 'AWS::RDS::DBParameterGroup').Properties['Parameters'] as Record<string, string>)[
        'rds.force_ssl'
      ];
    },
  },
  {
    title: 'only named peers are admitted',
    stack,
    holds: (template) => {
      template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { CidrIp: Match.anyValue() }, 0);
      template.resourcePropertiesCountIs('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.anyValue() }, 0);
      template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 3);
    },
    breaks: setProperty('AWS::EC2::SecurityGroup', 'SecurityGroupIngress', [
      { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 },
    ]),
  },
  {
    title: 'logins of the runbooks and of the replication are generated, with host and port, and stay',
    stack,
    holds: (template) => {
      for (const account of ['runbook', 'replication'])
        template.hasResource('AWS::SecretsManager::Secret', {
          DeletionPolicy: 'Retain',
          Properties: Match.objectLike({
            Name: `cutover/production/billing/target/${account}`,
            GenerateSecretString: Match.objectLike({
              GenerateStringKey: 'password',
              SecretStringTemplate: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('"port":5432')])] },
            }),
          }),
        });
    },
    breaks: (template) => {
      resourceOf(template, 'AWS::SecretsManager::Secret', 'RunbookLogin').DeletionPolicy = 'Delete';
    },
  },
];

export const clusterIntentions: Intention[] = [
  {
    title: 'a cluster is encrypted, protected and keeps backups',
    stack: 'orders-target-database',
    holds: (template) =>
      template.hasResource('AWS::RDS::DBCluster', {
        DeletionPolicy: 'Snapshot',
        Properties: Match.objectLike({
          StorageEncrypted: true,
          DeletionProtection: true,
          BackupRetentionPeriod: 14,
          EnableIAMDatabaseAuthentication: true,
          ServerlessV2ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 32 },
        }),
      }),
    breaks: setProperty('AWS::RDS::DBCluster', 'StorageEncrypted', false),
  },
  {
    title: 'what the way back needs stands at the level of the cluster',
    stack: 'orders-target-database',
    holds: (template) =>
      template.hasResourceProperties('AWS::RDS::DBClusterParameterGroup', {
        Parameters: Match.objectLike({ 'rds.logical_replication': '1', 'rds.force_ssl': '1' }),
      }),
    breaks: setProperty('AWS::RDS::DBClusterParameterGroup', 'Parameters', {}),
  },
];
