import { RemovalPolicy } from 'aws-cdk-lib';
import * as dms from 'aws-cdk-lib/aws-dms';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { taskIdentifier } from '../../definition/replication/names';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { replicationSecretName } from '../../definition/secret-names';
import { CutoverStack, tagMigration } from '../cutover-stack';
import type { FoundationStack } from '../foundation/foundation-stack';
import { dmsResourceIdentifier, resourceName } from '../naming';
import type { TargetDatabaseStack } from '../target-database/target-database-stack';
import { endpoints } from './endpoints';
import { secretAccessRole } from './secret-access';
import { replicationTasks, tasks, type ReplicationTaskName } from './tasks';

interface DeployedTask {
  readonly arn: string;
  readonly identifier: string;
  readonly isServerless?: true;
}

/** AWS DMS for one migration: instance, endpoints, and the tasks of both directions. */
export class ReplicationStack extends CutoverStack {
  readonly instanceIdentifier: string;
  readonly instanceArn: string;
  readonly tasks: Record<ReplicationTaskName, DeployedTask>;

  constructor(
    scope: Construct,
    environment: Environment,
    name: string,
    migration: Migration,
    foundation: FoundationStack,
    target: TargetDatabaseStack,
  ) {
    super(scope, resourceName(name, 'replication'), environment, `replication of ${name}`);
    tagMigration(this, name);
    const { replication, source } = migration;
    const vpc = foundation.network.in(this);
    const key = new kms.Key(this, 'Key', {
      description: `Disk of the replication instance of ${name} in ${environment.name}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const subnets = new dms.CfnReplicationSubnetGroup(this, 'Subnets', {
      replicationSubnetGroupIdentifier: resourceName('cutover', environment.name, name),
      replicationSubnetGroupDescription: `Replication of ${name}`,
      subnetIds:
        vpc.privateSubnets.length > 0
          ? vpc.privateSubnets.map((s) => s.subnetId)
          : vpc.isolatedSubnets.map((s) => s.subnetId),
    });
    this.instanceIdentifier = dmsResourceIdentifier(environment.name, name);
    const securityGroupIds = [target.replicationSecurityGroupId.in(this)];
    const instance = new dms.CfnReplicationInstance(this, 'Instance', {
      replicationInstanceIdentifier: this.instanceIdentifier,
      resourceIdentifier: this.instanceIdentifier,
      replicationInstanceClass: replication.instanceClass,
      engineVersion: replication.engineVersion,
      allocatedStorage: replication.storageGiB,
      multiAz: replication.multiAz,
      publiclyAccessible: false,
      kmsKeyId: key.keyArn,
      replicationSubnetGroupIdentifier: subnets.ref,
      vpcSecurityGroupIds: securityGroupIds,
      autoMinorVersionUpgrade: false,
      allowMajorVersionUpgrade: false,
    });
    const sourceSecret = source.replicationSecretId ?? replicationSecretName(environment.name, name, 'source');
    const targetSecret = target.replicationSecretArn.in(this);
    const { role, policy: access } = secretAccessRole(this, {
      description: `Logins of the replication of ${name}`,
      secretIds: [sourceSecret, targetSecret],
      keyArns: [target.keyArn.in(this), ...(source.secretKeyArn === undefined ? [] : [source.secretKeyArn])],
    });
    tasks(this, {
      environment,
      name,
      migration,
      instanceArn: instance.ref,
      place: { subnetGroup: subnets.ref, securityGroupIds, keyArn: key.keyArn },
      endpoints: endpoints(this, {
        environment,
        name,
        migration,
        roleArn: role.roleArn,
        secretArns: { source: sourceSecret, target: targetSecret },
        dependency: access,
      }),
    });
    this.instanceArn = this.dmsArn('rep', this.instanceIdentifier);
    this.tasks = Object.fromEntries(
      replicationTasks.map((task): [ReplicationTaskName, DeployedTask] => {
        const last = dmsResourceIdentifier(environment.name, name, task);
        return task === 'load' && replication.serverlessLoad
          ? [task, { arn: this.dmsArn('replication-config', last), identifier: last, isServerless: true }]
          : [task, { arn: this.dmsArn('task', last), identifier: taskIdentifier(environment.name, name, task) }];
      }),
    ) as Record<ReplicationTaskName, DeployedTask>;
  }

  /** Our own identifiers end the ARNs, so that other stacks can name them without an import. */
  private dmsArn(kind: 'rep' | 'task' | 'replication-config', identifier: string): string {
    return `arn:${this.partition}:dms:${this.region}:${this.account}:${kind}:${identifier}`;
  }
}
