import { changedProperties, danger, isReplaced, resourceChanges, type DangerCheck } from '../stack-change';

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
    if (isReplaced(resource))
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
