import { changedProperties, danger, isReplaced, resourceChanges, type DangerCheck } from '../stack-change';

/** Immutable in fact, although CloudFormation says "no interruption" of some. */
const identity = [
  'MigrationType',
  'ReplicationType',
  'ReplicationInstanceArn',
  'SourceEndpointArn',
  'TargetEndpointArn',
  'ResourceIdentifier',
];

/** Renamed or resized under its tasks; its other properties change beside them. */
const restarting = ['ReplicationInstanceClass', 'EngineVersion', 'MultiAZ', 'AllocatedStorage', 'KmsKeyId'];

export const replicationDangers: DangerCheck = (change) =>
  resourceChanges(change).flatMap((resource) => {
    const { id, type, difference } = resource;
    const changed = changedProperties(resource);
    const which = changed.join(', ') || 'what it refers to';
    if (type === 'AWS::DMS::ReplicationTask' || type === 'AWS::DMS::ReplicationConfig') {
      if (difference.isRemoval) return [danger(change, 'task-removed', id, 'the task leaves the stack')];
      if (!difference.isUpdate) return [];
      if (isReplaced(resource) || changed.some((name) => identity.includes(name)))
        return [danger(change, 'task-replaced', id, `${which} changed`)];
      return changed.length > 0
        ? [danger(change, 'task-stopped', id, `${which} changed; DMS refuses that while the task runs`)]
        : [];
    }
    if (type === 'AWS::DMS::Endpoint' && difference.isUpdate && changed.length > 0 && !isReplaced(resource))
      return [danger(change, 'task-stopped', id, `${which} of an endpoint changed; its tasks must be stopped first`)];
    if (type === 'AWS::DMS::ReplicationInstance') {
      if (difference.isRemoval || isReplaced(resource))
        return [danger(change, 'task-replaced', id, 'the replication instance goes, and every task with it')];
      const hard = changed.filter((name) => restarting.includes(name));
      return hard.length > 0 ? [danger(change, 'replication-interrupted', id, `${hard.join(', ')} changed`)] : [];
    }
    return [];
  });
