import * as dms from 'aws-cdk-lib/aws-dms';
import type { Construct } from 'constructs';
import { replicationRules, validationRules, type TaskRules } from '../../definition/replication-rules';
import { taskIdentifier } from '../../definition/replication/names';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { dmsResourceIdentifier } from '../naming';
import type { Endpoints } from './endpoints';

/** Where a serverless replication finds its place: that of the replication instance. */
interface Place {
  readonly subnetGroup: string;
  readonly securityGroupIds: string[];
  readonly keyArn: string;
}

interface Props {
  readonly environment: Environment;
  readonly name: string;
  readonly migration: Migration;
  readonly instanceArn: string;
  readonly endpoints: Endpoints;
  readonly place: Place;
}

export const replicationTasks = ['load', 'forward', 'reverse', 'validation'] as const;
export type ReplicationTaskName = (typeof replicationTasks)[number];

const className = (task: ReplicationTaskName): string => `${task.charAt(0).toUpperCase()}${task.slice(1)}Task`;

/**
 * The tasks, created and never started: a deploy moves no data. Positions are given by the runbooks at each start.
 * DMS refuses to delete a running one, so a stack under a migration that runs cannot be destroyed by mistake.
 */
export function tasks(scope: Construct, props: Props): void {
  const { environment, name, migration, endpoints } = props;
  const rules = { ...replicationRules(migration), validation: validationRules(migration) };
  const ends: Record<ReplicationTaskName, [from: string, to: string]> = {
    load: [endpoints.loadFrom, endpoints.forwardTo],
    forward: [endpoints.forwardFrom, endpoints.forwardTo],
    reverse: [endpoints.reverseFrom, endpoints.reverseTo],
    validation: [endpoints.loadFrom, endpoints.forwardTo],
  };
  for (const task of replicationTasks) {
    const [from, to] = ends[task];
    if (task === 'load' && migration.replication.serverlessLoad) {
      serverlessLoad(scope, props, rules[task], migration.replication.serverlessLoad);
      continue;
    }
    new dms.CfnReplicationTask(scope, className(task), {
      replicationTaskIdentifier: taskIdentifier(environment.name, name, task),
      resourceIdentifier: dmsResourceIdentifier(environment.name, name, task),
      replicationInstanceArn: props.instanceArn,
      sourceEndpointArn: from,
      targetEndpointArn: to,
      migrationType: rules[task].migrationType,
      tableMappings: rules[task].tableMappings,
      replicationTaskSettings: rules[task].settings,
    });
  }
}

type Capacity = NonNullable<Migration['replication']['serverlessLoad']>;

/** The full load and its changes without an instance. Identifier and end of the ARN are alike: metrics are found by them. */
function serverlessLoad(scope: Construct, props: Props, rules: TaskRules, capacity: Capacity): void {
  const { environment, name, migration, endpoints, place } = props;
  const identifier = dmsResourceIdentifier(environment.name, name, 'load');
  new dms.CfnReplicationConfig(scope, 'LoadReplication', {
    replicationConfigIdentifier: identifier,
    resourceIdentifier: identifier,
    replicationType: rules.migrationType,
    sourceEndpointArn: endpoints.loadFrom,
    targetEndpointArn: endpoints.forwardTo,
    // Objects here, where a task takes texts (AWS::DMS::ReplicationConfig).
    tableMappings: JSON.parse(rules.tableMappings) as object,
    replicationSettings: JSON.parse(rules.settings) as object,
    computeConfig: {
      minCapacityUnits: capacity.minCapacityUnits,
      maxCapacityUnits: capacity.maxCapacityUnits,
      multiAz: migration.replication.multiAz,
      replicationSubnetGroupId: place.subnetGroup,
      vpcSecurityGroupIds: place.securityGroupIds,
      kmsKeyId: place.keyArn,
    },
  });
}
