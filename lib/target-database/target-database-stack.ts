import { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { isAurora } from '../../definition/engines';
import { portOf } from '../../definition/manifest/build';
import type { Environment } from '../../definition/schema/environment';
import type { Migration } from '../../definition/schema/migration';
import { replicationSecretName, runbookSecretName } from '../../definition/secret-names';
import { CutoverStack, tagMigration } from '../cutover-stack';
import type { Network } from '../foundation/network';
import { resourceName } from '../naming';
import { SharedValue } from '../shared-value';
import type { Database } from './database';
import { databaseCluster } from './database-cluster';
import { databaseInstance } from './database-instance';
import { databaseSecret } from './database-secrets';
import { clusterEngine, instanceEngine } from './engine';
import { engineParameters, exportedLogs } from './parameters';
import { peers } from './peers';

/** The RDS instance or Aurora cluster that shall serve, its key, its logins and the groups that may reach it. */
export class TargetDatabaseStack extends CutoverStack {
  readonly host: SharedValue;
  readonly readerHost: SharedValue | undefined;
  readonly keyArn: SharedValue;
  readonly replicationSecretArn: SharedValue;
  readonly runbookSecretArn: SharedValue;
  readonly replicationSecurityGroupId: SharedValue;
  /** Of the instance, or of the cluster. */
  readonly identifier: string;
  /** Of an instance: for a cluster its first writer, which describes the backups of the cluster too. */
  readonly instanceIdentifier: string;
  readonly isCluster: boolean;

  constructor(scope: Construct, environment: Environment, name: string, migration: Migration, network: Network) {
    super(scope, resourceName(name, 'target-database'), environment, `target database of ${name}`);
    tagMigration(this, name);
    const { target, accounts } = migration;
    const vpc = network.in(this);
    const key = new kms.Key(this, 'Key', {
      description: `Target database of ${name} in ${environment.name}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const groups = peers(this, vpc, environment, name, migration);
    const aurora = isAurora(target.engine);
    const parameters = { ...engineParameters(target.engine, target.version), ...target.parameters };
    const database: Database = (aurora ? databaseCluster : databaseInstance)(this, {
      identifier: resourceName(environment.name, name, 'target'),
      migration,
      vpc,
      subnetGroup: new rds.SubnetGroup(this, 'Subnets', {
        vpc,
        description: `Target database of ${name}`,
        vpcSubnets: { subnets: vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets },
        removalPolicy: RemovalPolicy.RETAIN,
      }),
      securityGroup: groups.database,
      key,
      masterSecretName: `cutover/${environment.name}/${name}/target/master`,
      parameterGroup: new rds.ParameterGroup(this, 'Parameters', {
        engine: aurora ? clusterEngine(target) : instanceEngine(target),
        description: `Cutover ${environment.name} ${name}: both directions of replication, TLS forced`,
        parameters,
      }),
      exportedLogs: exportedLogs(target.engine),
    });
    const login = {
      host: database.host,
      port: portOf(migration, 'target'),
      database: target.database ?? migration.source.database,
      key,
    };
    const replicationSecret = databaseSecret(this, 'ReplicationLogin', {
      ...login,
      secretName: target.replicationSecretId ?? replicationSecretName(environment.name, name, 'target'),
      username: accounts.replication,
      purpose: 'login of the replication on the target',
    });
    const runbookSecret = databaseSecret(this, 'RunbookLogin', {
      ...login,
      secretName: target.runbookSecretId ?? runbookSecretName(environment.name, name, 'target'),
      username: accounts.runbook,
      purpose: 'login of the runbooks on the target',
    });
    this.identifier = database.identifier;
    this.instanceIdentifier = database.isCluster ? `${database.identifier}-writer` : database.identifier;
    this.isCluster = database.isCluster;
    this.host = new SharedValue(this, 'Host', database.host);
    this.readerHost =
      database.readerHost === undefined ? undefined : new SharedValue(this, 'ReaderHost', database.readerHost);
    this.keyArn = new SharedValue(this, 'KeyArn', key.keyArn);
    this.replicationSecretArn = new SharedValue(this, 'ReplicationSecretArn', replicationSecret.secretArn);
    this.runbookSecretArn = new SharedValue(this, 'RunbookSecretArn', runbookSecret.secretArn);
    this.replicationSecurityGroupId = new SharedValue(
      this,
      'ReplicationSecurityGroupId',
      groups.replication.securityGroupId,
    );
  }
}
