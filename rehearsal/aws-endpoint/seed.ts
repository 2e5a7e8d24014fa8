import { z } from 'zod';
import { faultSchema } from './fault-schema';
import { dmsSeed, route53Seed } from './seed-of-services';

const address = z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65_535) });

const rdsParameterGroup = z.strictObject({
  name: z.string(),
  parameters: z.array(z.looseObject({ ParameterName: z.string(), ParameterValue: z.string().optional() })),
});

/**
 * What an endpoint knows when it starts. It is given as one JSON file to `rehearsal/cloud.ts`; what the runbooks change
 * afterwards lives in memory and ends with the process.
 */
export const endpointSeed = z.strictObject({
  accountId: z.string().regex(/^\d{12}$/),
  region: z.string().min(1),
  /** Where the AWS endpoint listens; port 0 takes a free one. */
  listen: address,
  /** Where the replicator connects. */
  control: address,
  /** NDJSON, one line per answered call; left out in tests that do not read it. */
  requestLogFile: z.string().optional(),
  route53: route53Seed.prefault({}),
  dms: dmsSeed.prefault({}),
  /** Length of the periods in which DMS metrics are published, in seconds: 60 at AWS. */
  metricPeriodSeconds: z.number().positive().default(60),
  secrets: z.array(z.strictObject({ arn: z.string(), name: z.string(), value: z.string() })).default([]),
  parameters: z
    .array(z.strictObject({ name: z.string(), value: z.string(), type: z.enum(['String', 'SecureString']).optional() }))
    .default([]),
  buckets: z.array(z.string()).default([]),
  stacks: z.array(z.looseObject({ name: z.string(), status: z.string(), template: z.string().optional() })).default([]),
  /** DB instances in the SDK's shape (`DBInstanceIdentifier`, `DBInstanceStatus`, `Endpoint`, …). */
  dbInstances: z.array(z.looseObject({ DBInstanceIdentifier: z.string() })).default([]),
  dbClusters: z.array(z.looseObject({ DBClusterIdentifier: z.string() })).default([]),
  dbParameterGroups: z.array(rdsParameterGroup).default([]),
  /** How long a snapshot stays `creating`. */
  snapshotSeconds: z.number().nonnegative().default(0),
  topics: z.array(z.string()).default([]),
  alarms: z.array(z.looseObject({ name: z.string(), state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']) })).default([]),
  faults: z.array(faultSchema).default([]),
});

/** A complete seed, defaults filled in. */
export type EndpointSeed = z.infer<typeof endpointSeed>;

/** What may be written in the seed's file: everything with a default may be left out. */
export type EndpointSeedInput = z.input<typeof endpointSeed>;
