import type { Construct } from 'constructs';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { CutoverStack, tagMigration } from '../cutover-stack';
import type { FoundationStack } from '../foundation/foundation-stack';
import { resourceName } from '../naming';
import type { ReplicationStack } from '../replication/replication-stack';
import type { TargetDatabaseStack } from '../target-database/target-database-stack';
import { alarms } from './alarms';
import { dashboard } from './dashboard';
import { taskFailedRuleName, tellEvents } from './events';
import { watched } from './watched';

interface Props {
  readonly name: string;
  readonly migration: Migration;
  readonly foundation: FoundationStack;
  readonly target: TargetDatabaseStack;
  readonly replication: ReplicationStack;
}

/** What a person on call sees of a migration, and what its gates read. */
export class ObservabilityStack extends CutoverStack {
  constructor(scope: Construct, environment: Environment, props: Props) {
    const { name, migration, foundation, target, replication } = props;
    super(scope, resourceName(name, 'observability'), environment, `alarms and dashboard of ${name}`);
    tagMigration(this, name);
    this.addStackDependency(foundation);
    this.addStackDependency(replication);
    const { load, forward, reverse } = replication.tasks;
    // Under which dimension a serverless replication publishes is not documented: no alarm can name it.
    const directions = {
      ...(load.isServerless ? {} : { load: load.arn }),
      forward: forward.arn,
      reverse: reverse.arn,
    };
    const all = Object.values(replication.tasks);
    const things = watched({
      migration,
      instanceIdentifier: replication.instanceIdentifier,
      taskArns: Object.values(directions),
      targetIdentifier: target.identifier,
    });
    const { topicArn } = foundation;
    const composite = alarms(this, {
      environment: environment.name,
      name,
      watched: things,
      taskFailedRuleName: taskFailedRuleName(environment.name, name),
      topicArn,
    });
    tellEvents(this, {
      environment: environment.name,
      name,
      topicArn,
      taskArns: all.map((task) => task.arn),
      taskIdentifiers: all.filter((task) => !task.isServerless).map((task) => task.identifier),
      isServerless: load.isServerless ?? false,
    });
    dashboard(this, {
      environment: environment.name,
      name,
      composite,
      watched: things,
      instanceIdentifier: replication.instanceIdentifier,
      tasks: directions,
      target: { identifier: target.identifier, isCluster: target.isCluster },
      maxLagSeconds: migration.gates.maxLagSeconds,
    });
  }
}
