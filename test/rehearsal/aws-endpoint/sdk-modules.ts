import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as dms from '@aws-sdk/client-database-migration-service';
import * as rds from '@aws-sdk/client-rds';
import * as route53 from '@aws-sdk/client-route-53';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';

type AnyClient = new (configuration: never) => {
  send(command: object): Promise<Record<string, unknown>>;
  destroy(): void;
};

export interface SdkModule {
  readonly name: string;
  readonly module: Record<string, unknown>;
  readonly Client: AnyClient;
}

/** Every SDK client that the endpoint serves. */
export const sdkModules: readonly SdkModule[] = [
  { name: 'CloudFormation', module: { ...cloudFormation }, Client: cloudFormation.CloudFormationClient },
  { name: 'CloudWatch', module: { ...cloudWatch }, Client: cloudWatch.CloudWatchClient },
  { name: 'DMS', module: { ...dms }, Client: dms.DatabaseMigrationServiceClient },
  { name: 'RDS', module: { ...rds }, Client: rds.RDSClient },
  { name: 'Route 53', module: { ...route53 }, Client: route53.Route53Client },
  { name: 'S3', module: { ...s3 }, Client: s3.S3Client },
  { name: 'Secrets Manager', module: { ...secretsManager }, Client: secretsManager.SecretsManagerClient },
  { name: 'SNS', module: { ...sns }, Client: sns.SNSClient },
  { name: 'SSM', module: { ...ssm }, Client: ssm.SSMClient },
  { name: 'STS', module: { ...sts }, Client: sts.STSClient },
];
