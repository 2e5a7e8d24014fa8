import * as dms from 'aws-cdk-lib/aws-dms';
import type { Construct } from 'constructs';
import { replicationRules, validationRules } from '../../definition/replication-rules';
import { taskIdentifier } from '../../definition/replication/names';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { dmsResourceIdentifier } from '../naming';
import type { Endpoints } from './endpoints';

interface Props {
  readonly environment: Environment;
  readonly name: string;
  readonly migration: Migration;
  readonly instanceArn: string;
  readonly endpoints: Endpoints;
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
