import { z } from 'zod';
import { seconds, text } from './words';

/** What a DMS capacity unit may count (AWS::DMS::ReplicationConfig, ComputeConfig). */
const capacityUnits = z.union([1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 384].map((units) => z.literal(units)));

const serverlessLoad = z.strictObject({
  minCapacityUnits: capacityUnits.default(1).describe('smallest capacity, 2 GiB of memory each'),
  maxCapacityUnits: capacityUnits.describe('largest capacity, and what it may cost'),
});

export const replicationSchema = z.strictObject({
  instanceClass: z
    .string()
    .regex(/^dms\.[a-z0-9]+\.[a-z0-9]+$/, 'a DMS instance class, as dms.r6i.large')
    .default('dms.r6i.large')
    .describe('size of the replication instance'),
  engineVersion: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a DMS engine version')
    .default('3.6.1')
    .describe('DMS version'),
  storageGiB: z.number().int().min(5).default(100).describe('changes that wait for apply spill to this disk'),
  multiAz: z.boolean().default(true).describe('a standby of the replication instance in a second zone'),
  serverlessLoad: serverlessLoad
    .optional()
    .describe(
      'DMS Serverless for the full load and its changes; the tasks that start from a position stay on the replication instance',
    ),
  reverse: z.boolean().default(true).describe('replicate back after the switch; without it there is no rollback'),
  batchApply: z
    .boolean()
    .default(false)
    .describe(
      'apply changes in batches: faster, but it breaks the order between tables and costs a second marker in the drain',
    ),
  parallelTables: z.number().int().min(1).max(49).default(8).describe('tables loaded at the same time'),
  maxLobKilobytes: z
    .number()
    .int()
    .min(1)
    .max(102_400)
    .optional()
    .describe('largest value of a large object, where the data is known; absent: full mode, which never truncates'),
  validation: z.boolean().default(true).describe('DMS compares rows too, beside the verification of the runbooks'),
  controlSchema: text.default('awsdms_control').describe('schema of the control tables of DMS'),
  forwardSlot: z
    .string()
    .regex(/^[a-z0-9_]{1,63}$/, 'lower-case letters, digits and underscores')
    .optional()
    .describe('PostgreSQL slot of the forward task; absent: `cutover_<migration>_forward`'),
  reverseSlot: z
    .string()
    .regex(/^[a-z0-9_]{1,63}$/, 'lower-case letters, digits and underscores')
    .optional()
    .describe('PostgreSQL slot of the reverse task; absent: `cutover_<migration>_reverse`'),
  heartbeatSeconds: seconds.default(60).describe('DMS moves the slot at least so often, also when nothing is written'),
  metricPeriodSeconds: seconds.default(60).describe('period of the DMS metrics in CloudWatch'),
});
