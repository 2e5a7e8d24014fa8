import type { ReplicationInstance } from '@aws-sdk/client-database-migration-service';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { z } from 'zod';
import { engineNames } from '../../definition/engines';

const resourceRecordSet = z.custom<ResourceRecordSet>(
  (value) => typeof value === 'object' && value !== null && 'Name' in value && 'Type' in value,
  'a resource record set as the SDK has it, with at least Name and Type',
);

/** Hosted zones, the name servers that answer for them, and the limits of Route 53's API. */
export const route53Seed = z.strictObject({
  zones: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        private: z.boolean().default(false),
        records: z.array(resourceRecordSet).default([]),
      }),
    )
    .default([]),
  nameServers: z
    .array(
      z.strictObject({ host: z.string(), port: z.int(), propagationMilliseconds: z.number().nonnegative().default(0) }),
    )
    .default([]),
  resolver: z.strictObject({ host: z.string(), port: z.int() }).optional(),
  /** AWS allows five a second for the whole account, whatever the operation. */
  requestsPerSecond: z.number().positive().default(5),
  /** How long one change keeps its zone busy; a second change in that time gets `PriorRequestNotComplete`. */
  changeProcessingMilliseconds: z.number().nonnegative().default(10),
});

const replicationInstance = z.custom<ReplicationInstance>(
  (value) => typeof value === 'object' && value !== null && 'ReplicationInstanceArn' in value,
  'a replication instance as the SDK has it, with at least ReplicationInstanceArn',
);

const dmsEndpoint = z.strictObject({
  arn: z.string(),
  identifier: z.string(),
  type: z.enum(['source', 'target']),
  engine: z.enum(engineNames).exclude(['oracle', 'sqlserver']),
  /** Name or ARN of the secret that holds `username` and `password`. */
  secretId: z.string(),
  database: z.string(),
  /** The name that the server's certificate must carry. */
  serverName: z.string(),
  caCertificatePem: z.string(),
  host: z.string(),
  port: z.int(),
  /** PostgreSQL: where a task for changes only reads. */
  slotName: z.string().optional(),
  /** SQL for each connection to a target. MySQL takes several statements, parted by `;`. */
  afterConnectScript: z.string().optional(),
});

const dmsTask = z.strictObject({
  arn: z.string(),
  identifier: z.string(),
  migrationType: z.enum(['full-load', 'full-load-and-cdc', 'cdc']),
  replicationInstanceArn: z.string(),
  sourceEndpointArn: z.string(),
  targetEndpointArn: z.string(),
  /** JSON text, as in `TableMappings`. */
  tableMappings: z.string(),
  /** JSON text, as in `ReplicationTaskSettings`. */
  settings: z.string(),
});

/** What a serverless replication is made of: a task without an instance. */
const dmsReplication = dmsTask.omit({ replicationInstanceArn: true });

/** Replication instances, endpoints, tasks and serverless replications, and how slowly a task starts and stops. */
export const dmsSeed = z.strictObject({
  replicationInstances: z.array(replicationInstance).default([]),
  endpoints: z.array(dmsEndpoint).default([]),
  tasks: z.array(dmsTask).default([]),
  replications: z.array(dmsReplication).default([]),
  startSeconds: z.number().nonnegative().default(0),
  stopSeconds: z.number().nonnegative().default(0),
});

export type DmsEndpointSeed = z.infer<typeof dmsEndpoint>;
/** A task, or without an instance a serverless replication. */
export type DmsTaskSeed = z.infer<typeof dmsReplication> & { readonly replicationInstanceArn?: string };
export type Route53Seed = z.infer<typeof route53Seed>;
