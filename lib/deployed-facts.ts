import type { Stack } from 'aws-cdk-lib';
import { portOf } from '../definition/manifest/build';
import type { DeployedFacts } from '../definition/manifest/deployed-facts';
import type { Environment } from '../definition/schema/environment';
import type { Migration } from '../definition/schema/migration';
import { runbookSecretName } from '../definition/secret-names';
import type { FoundationStack } from './foundation/foundation-stack';
import { compositeAlarmName } from './observability/alarms';
import { certificateAuthorityOf } from './replication/certificate-authority';
import type { ReplicationStack } from './replication/replication-stack';
import type { TargetDatabaseStack } from './target-database/target-database-stack';

interface Deployed {
  readonly environment: Environment;
  readonly name: string;
  readonly migration: Migration;
  readonly foundation: FoundationStack;
  readonly target: TargetDatabaseStack;
  readonly replication: ReplicationStack;
  readonly stackNames: string[];
}

/** What the deployment will know, as `consumer` must write it. */
export function deployedFacts(consumer: Stack, deployed: Deployed): DeployedFacts {
  const { environment, name, migration, foundation, target, replication } = deployed;
  const { source } = migration;
  const { resolver } = environment.hostedZone;
  const targetHost = target.host.in(consumer);
  const { load, forward, reverse } = replication.tasks;
  const named = ({ arn, identifier }: typeof load) => ({ arn, identifier });
  return {
    source: {
      host: source.host,
      port: portOf(migration, 'source'),
      tlsServerName: source.tlsServerName ?? source.host,
      certificateAuthority: certificateAuthorityOf(environment, migration, 'source'),
      runbookSecretId: source.runbookSecretId ?? runbookSecretName(environment.name, name, 'source'),
      ...(source.instanceIdentifier === undefined ? {} : { instanceIdentifier: source.instanceIdentifier }),
    },
    target: {
      host: targetHost,
      ...(target.readerHost === undefined ? {} : { readerHost: target.readerHost.in(consumer) }),
      port: portOf(migration, 'target'),
      tlsServerName: targetHost,
      certificateAuthority: certificateAuthorityOf(environment, migration, 'target'),
      runbookSecretId: target.runbookSecretArn.in(consumer),
      instanceIdentifier: target.instanceIdentifier,
    },
    replication: {
      instanceArn: replication.instanceArn,
      load: named(load),
      forward: named(forward),
      reverse: named(reverse),
    },
    routing: {
      zoneId: foundation.hostedZone.idIn(consumer),
      authoritativeServers: foundation.hostedZone.authoritativeServers(consumer),
      ...(resolver === undefined ? {} : { resolver }),
      stackNames: deployed.stackNames,
    },
    alarmNames: [compositeAlarmName(environment.name, name)],
    journalBucket: foundation.journalBucketName,
    topicArn: foundation.topicArn,
  };
}
