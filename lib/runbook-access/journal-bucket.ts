import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Environment } from '../../definition/schema/environment';
import { resourceName } from '../naming';

export const journalBucketName = ({ name, account, region }: Environment): string =>
  resourceName('cutover-journal', name, account, region);

/** Evidence and resume point of every run: versioned, never public, kept when the stack goes. */
export function journalBucket(scope: Construct, environment: Environment): s3.Bucket {
  const { objectLockDays, retentionDays } = environment.journal;
  const common = {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN,
  };
  const accessLogs = new s3.Bucket(scope, 'JournalAccessLogs', {
    ...common,
    lifecycleRules: [{ id: 'expire', expiration: Duration.days(retentionDays) }],
  });
  return new s3.Bucket(scope, 'Journal', {
    ...common,
    bucketName: journalBucketName(environment),
    versioned: true,
    serverAccessLogsBucket: accessLogs,
    // Compliance mode could not be lifted even for the lock object of a run; governance stops everyone without the right to lift it.
    ...(objectLockDays === undefined
      ? {}
      : {
          objectLockEnabled: true,
          objectLockDefaultRetention: s3.ObjectLockRetention.governance(Duration.days(objectLockDays)),
        }),
    lifecycleRules: [{ id: 'expire-old-versions', noncurrentVersionExpiration: Duration.days(retentionDays) }],
  });
}
