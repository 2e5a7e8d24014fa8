import { z } from 'zod';
import { count, positiveSeconds } from './words';

export const alarmsSchema = z.strictObject({
  latencySeconds: positiveSeconds
    .default(120)
    .describe('latency of DMS, source and target, over five minutes; well above the gate, or the night is noisy'),
  replicaLagSeconds: positiveSeconds.default(30).describe('lag of the readers of an Aurora cluster'),
  targetCpuPercent: z.number().min(1, '1 to 100').max(100, '1 to 100').default(80).describe('CPU of the target'),
  targetConnections: count.default(400).describe('open connections of the target'),
  minFreeStorageGiB: z
    .number()
    .positive('more than 0')
    .default(10)
    .describe('room on the disks of target and replication'),
  minFreeMemoryMiB: z.number().positive('more than 0').default(512).describe('memory of the replication instance'),
  maxSwapMiB: z.number().positive('more than 0').default(256).describe('swap of the replication instance'),
  maxRetainedLogGiB: z
    .number()
    .positive('more than 0')
    .default(20)
    .describe('WAL that a slot keeps, or binlog that is kept: it fills the disk of the primary'),
});
