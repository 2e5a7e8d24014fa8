import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { acknowledgeDatabase, commonProps, keptSecret, logGroups, type Database, type DatabaseProps } from './database';
import { instanceEngine } from './engine';

export function databaseInstance(scope: Construct, props: DatabaseProps): Database {
  const { target, source } = props.migration;
  logGroups(scope, 'instance', props.identifier, props.exportedLogs);
  const instance = new rds.DatabaseInstance(scope, 'Database', {
    ...commonProps(props),
    // A fixed name cannot be replaced in silence: CloudFormation fails instead of making a second, empty database.
    instanceIdentifier: props.identifier,
    databaseName: target.database ?? source.database,
    engine: instanceEngine(target),
    instanceType: new ec2.InstanceType(target.instanceClass),
    multiAz: target.multiAz,
    storageEncrypted: true,
    storageType: rds.StorageType.GP3,
    allocatedStorage: target.storageGiB,
    maxAllocatedStorage: target.maxStorageGiB,
    backupRetention: Duration.days(target.backupRetentionDays),
    deleteAutomatedBackups: false,
    enablePerformanceInsights: true,
    performanceInsightEncryptionKey: props.key,
    performanceInsightRetention: target.performanceInsightsDays,
    caCertificate: rds.CaCertificate.of(target.caCertificateIdentifier),
    publiclyAccessible: false,
    autoMinorVersionUpgrade: false,
    allowMajorVersionUpgrade: false,
  });
  acknowledgeDatabase(instance, props);
  return {
    host: instance.dbInstanceEndpointAddress,
    identifier: props.identifier,
    isCluster: false,
    masterSecret: keptSecret(instance.secret),
  };
}
