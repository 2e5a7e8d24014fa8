import type { EndpointSeedInput } from '../../../rehearsal/aws-endpoint/seed';
import { account, region } from './running-endpoint';

const arn = (kind: string, id: string): string => `arn:aws:dms:${region}:${account}:${kind}:${id}`;

export const instanceArn = arn('rep', 'INSTANCE');
export const loadArn = arn('task', 'LOAD');
export const forwardArn = arn('task', 'FORWARD');
export const serverlessArn = arn('replication-config', 'billing-serverless');

function side(id: string, type: 'source' | 'target', slotName?: string) {
  return {
    arn: arn('endpoint', id),
    identifier: id.toLowerCase(),
    type,
    engine: 'postgres' as const,
    secretId: 'replication',
    database: 'billing',
    serverName: `${id.toLowerCase()}.databases.rehearsal.internal`,
    caCertificatePem: 'PEM',
    host: '127.0.0.1',
    port: 1,
    slotName,
  };
}

function task(taskArn: string, identifier: string, migrationType: 'full-load-and-cdc' | 'cdc') {
  return {
    arn: taskArn,
    identifier,
    migrationType,
    replicationInstanceArn: instanceArn,
    sourceEndpointArn: arn('endpoint', 'SOURCE'),
    targetEndpointArn: arn('endpoint', 'TARGET'),
    tableMappings: '{"rules":[]}',
    settings: '{}',
  };
}

const { replicationInstanceArn: _none, ...serverless } = task(serverlessArn, 'billing-serverless', 'full-load-and-cdc');

/** One instance, two endpoints, a full-load task, a change-only task, and a serverless replication. */
export function dmsSeed(times: { startSeconds?: number; stopSeconds?: number } = {}): Partial<EndpointSeedInput> {
  return {
    secrets: [
      {
        arn: `arn:aws:secretsmanager:${region}:${account}:secret:replication-AbCdEf`,
        name: 'replication',
        value: '{"username":"cutover_replication","password":"hush"}',
      },
    ],
    dms: {
      replicationInstances: [
        { ReplicationInstanceArn: instanceArn, ReplicationInstanceIdentifier: 'billing-replication' },
      ],
      endpoints: [side('SOURCE', 'source', 'cutover_forward'), side('TARGET', 'target')],
      tasks: [task(loadArn, 'billing-load', 'full-load-and-cdc'), task(forwardArn, 'billing-forward', 'cdc')],
      replications: [serverless],
      ...times,
    },
  };
}
