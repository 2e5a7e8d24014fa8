import type { Resource } from '../assembly';
import { danger, resourceChanges, type DangerCheck } from '../stack-change';

/** Reads one protection of a resource; larger is safer, undefined where the type has none. */
type Protection = (resource: Resource) => number | undefined;

const flag =
  (type: string, property: string, safe: unknown = true): Protection =>
  ({ Type, Properties }) =>
    Type === type ? Number(String(Properties?.[property]) === String(safe)) : undefined;
const amount =
  (type: string, property: string): Protection =>
  ({ Type, Properties }) =>
    Type === type ? Number(Properties?.[property] ?? 0) : undefined;

const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((object, key) => (object as Record<string, unknown> | undefined)?.[key], value);

const keeping: Record<string, number> = { Delete: 0, Snapshot: 1, RetainExceptOnCreate: 2, Retain: 2 };
const stateful = [
  'AWS::RDS::',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::Route53::',
  'AWS::SecretsManager::Secret',
  'AWS::SSM::',
];
const isStateful = (type: string) => stateful.some((prefix) => type.startsWith(prefix));

const blocked = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
const sslModes: Record<string, number> = { none: 0, require: 1, 'verify-ca': 2, 'verify-full': 3 };

const protections: Record<string, Protection> = {
  DeletionPolicy: (resource) => (isStateful(resource.Type) ? keeping[resource.DeletionPolicy ?? 'Delete'] : undefined),
  UpdateReplacePolicy: (resource) =>
    isStateful(resource.Type) ? keeping[resource.UpdateReplacePolicy ?? 'Delete'] : undefined,
  'DeletionProtection of the instance': flag('AWS::RDS::DBInstance', 'DeletionProtection'),
  'DeletionProtection of the cluster': flag('AWS::RDS::DBCluster', 'DeletionProtection'),
  'storage encryption': flag('AWS::RDS::DBInstance', 'StorageEncrypted'),
  'storage encryption of the cluster': flag('AWS::RDS::DBCluster', 'StorageEncrypted'),
  'backup retention': amount('AWS::RDS::DBInstance', 'BackupRetentionPeriod'),
  'backup retention of the cluster': amount('AWS::RDS::DBCluster', 'BackupRetentionPeriod'),
  'standby in a second zone': ({ Type, Properties }) =>
    Type === 'AWS::RDS::DBInstance' && Properties?.['DBClusterIdentifier'] === undefined
      ? Number(Properties?.['MultiAZ'] === true)
      : undefined,
  'no public address': ({ Type, Properties }) =>
    Type === 'AWS::RDS::DBInstance' || Type === 'AWS::DMS::ReplicationInstance'
      ? Number(Properties?.['PubliclyAccessible'] === false)
      : undefined,
  'IAM authentication': flag('AWS::RDS::DBInstance', 'EnableIAMDatabaseAuthentication'),
  'key rotation': flag('AWS::KMS::Key', 'EnableKeyRotation'),
  versioning: ({ Type, Properties }) =>
    Type === 'AWS::S3::Bucket' ? Number(at(Properties, 'VersioningConfiguration', 'Status') === 'Enabled') : undefined,
  'object lock': flag('AWS::S3::Bucket', 'ObjectLockEnabled'),
  'public access block': ({ Type, Properties }) =>
    Type === 'AWS::S3::Bucket'
      ? blocked.filter((name) => at(Properties, 'PublicAccessBlockConfiguration', name) === true).length
      : undefined,
  'TLS of the engine': ({ Type, Properties }) =>
    Type === 'AWS::RDS::DBParameterGroup' || Type === 'AWS::RDS::DBClusterParameterGroup'
      ? Number(
          [
            at(Properties, 'Parameters', 'rds.force_ssl'),
            at(Properties, 'Parameters', 'require_secure_transport'),
          ].some((value) => value === '1' || value === 'ON'),
        )
      : undefined,
  'logical replication': ({ Type, Properties }) =>
    Type === 'AWS::RDS::DBParameterGroup' || Type === 'AWS::RDS::DBClusterParameterGroup'
      ? Number(
          at(Properties, 'Parameters', 'rds.logical_replication') === '1' ||
            at(Properties, 'Parameters', 'binlog_format') === 'ROW',
        )
      : undefined,
  'TLS of the replication': ({ Type, Properties }) =>
    Type === 'AWS::DMS::Endpoint' ? sslModes[String(Properties?.['SslMode'])] : undefined,
};

export const protectionDangers: DangerCheck = (change) => [
  ...(change.base?.terminationProtection && change.head && !change.head.terminationProtection
    ? [danger(change, 'protection-lowered', '(stack)', 'termination protection')]
    : []),
  ...resourceChanges(change).flatMap(({ id, old, new: now }) => {
    if (!old || !now) return [];
    return Object.entries(protections).flatMap(([name, read]) => {
      const [before, after] = [read(old), read(now)];
      if (before === undefined || after === undefined || after >= before) return [];
      return [danger(change, 'protection-lowered', id, name)];
    });
  }),
];
