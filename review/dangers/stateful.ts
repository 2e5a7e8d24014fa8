import {
  changedProperties,
  danger,
  isReplaced,
  resourceChanges,
  type DangerCheck,
  type ResourceChange,
} from '../stack-change';

/** Types whose loss is a loss of data, or of what opens it. */
const stateful: Record<string, string> = {
  'AWS::RDS::DBInstance': 'database',
  'AWS::RDS::DBCluster': 'database cluster',
  'AWS::KMS::Key': 'encryption key',
  'AWS::S3::Bucket': 'bucket',
  'AWS::Route53::HostedZone': 'hosted zone',
  'AWS::SecretsManager::Secret': 'login',
};

/** A member of a cluster holds no data of its own. */
const isClusterMember = (properties: Record<string, unknown> | undefined): boolean =>
  properties?.['DBClusterIdentifier'] !== undefined;

/**
 * Properties that the registry marks as replacing under conditions which never hold for the engines here: they replace a read
 * replica, or a mirrored SQL Server (AWS::RDS::DBInstance).
 */
const changedInPlace = ['BackupRetentionPeriod', 'MultiAZ', 'AutoMinorVersionUpgrade', 'AllocatedStorage'];

const losesData = (resource: ResourceChange): boolean => {
  const changed = changedProperties(resource);
  // Another template of a generated login makes Secrets Manager generate another password.
  if (resource.type === 'AWS::SecretsManager::Secret' && changed.includes('GenerateSecretString')) return true;
  if (!isReplaced(resource)) return false;
  const certain = String(resource.difference.changeImpact) === 'WILL_REPLACE';
  return certain || changed.length === 0 || changed.some((name) => !changedInPlace.includes(name));
};

export const statefulDangers: DangerCheck = (change) =>
  resourceChanges(change).flatMap((resource) => {
    const what = stateful[resource.type];
    if (what === undefined || isClusterMember(resource.old?.Properties)) return [];
    if (resource.difference.isRemoval) {
      const policy = resource.old?.DeletionPolicy ?? 'Delete';
      return [
        danger(change, 'stateful-removed', resource.id, `the ${what} leaves the stack (DeletionPolicy: ${policy})`),
      ];
    }
    if (losesData(resource))
      return [
        danger(
          change,
          'stateful-replaced',
          resource.id,
          `the ${what} would be replaced: ${changedProperties(resource).join(', ') || 'by what it refers to'} changed`,
        ),
      ];
    return [];
  });

export const stackDangers: DangerCheck = (change) =>
  change.base && !change.head
    ? [
        danger(
          change,
          'stack-removed',
          '(stack)',
          `${Object.keys(change.base.template.Resources ?? {}).length} resources`,
        ),
      ]
    : [];
