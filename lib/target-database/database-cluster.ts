import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { familyOf } from '../../definition/engines';
import { acknowledge } from '../acknowledge';
import { acknowledgeDatabase, commonProps, keptSecret, logGroups, type Database, type DatabaseProps } from './database';
import { clusterEngine } from './engine';

export function databaseCluster(scope: Construct, props: DatabaseProps): Database {
  const { target, source } = props.migration;
  logGroups(scope, 'cluster', props.identifier, props.exportedLogs);
  const member = (id: string, options: { scaleWithWriter?: boolean } = {}): rds.IClusterInstance => {
    const common = {
      instanceIdentifier: `${props.identifier}-${id}`,
      caCertificate: rds.CaCertificate.of(target.caCertificateIdentifier),
      enablePerformanceInsights: true,
      performanceInsightEncryptionKey: props.key,
      performanceInsightRetention: target.performanceInsightsDays,
      autoMinorVersionUpgrade: false,
      publiclyAccessible: false,
    };
    return target.serverless
      ? rds.ClusterInstance.serverlessV2(id, { ...common, ...options })
      : rds.ClusterInstance.provisioned(id, { ...common, instanceType: new ec2.InstanceType(target.instanceClass) });
  };
  const { multiAz: _multiAz, ...common } = { multiAz: target.multiAz, ...commonProps(props) };
  const cluster = new rds.DatabaseCluster(scope, 'Database', {
    ...common,
    clusterIdentifier: props.identifier,
    defaultDatabaseName: target.database ?? source.database,
    engine: clusterEngine(target),
    storageEncrypted: true,
    backup: { retention: Duration.days(target.backupRetentionDays) },
    writer: member('writer'),
    // The first reader grows with the writer, so that a failover finds it as large.
    readers: Array.from({ length: target.readers }, (_, index) =>
      member(`reader-${index + 1}`, { scaleWithWriter: index === 0 }),
    ),
    ...(target.serverless
      ? {
          serverlessV2MinCapacity: target.serverless.minCapacityUnits,
          serverlessV2MaxCapacity: target.serverless.maxCapacityUnits,
        }
      : {}),
  });
  acknowledgeDatabase(cluster, props);
  if (familyOf(target.engine) === 'mysql')
    acknowledge(cluster, {
      RDS14: 'backtrack would move the database under the replication; point-in-time recovery stays',
    });
  return {
    host: cluster.clusterEndpoint.hostname,
    ...(target.readers > 0 ? { readerHost: cluster.clusterReadEndpoint.hostname } : {}),
    identifier: props.identifier,
    isCluster: true,
    masterSecret: keptSecret(cluster.secret),
  };
}
