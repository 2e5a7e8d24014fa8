import { z } from 'zod';
import { positiveSeconds, seconds } from './words';

export const timingSchema = z.strictObject({
  rollbackWindowSeconds: seconds
    .default(604_800)
    .describe(
      'how long after a switch the old side is kept current. Minimum: production 86400, staging 3600, development 0',
    ),
  bakeSeconds: seconds.default(900).describe('how long the new primary is watched after a switch'),
  readShiftPercents: z
    .array(z.number().int('whole percents').min(1, '1 to 100').max(100, '1 to 100'))
    .min(1, 'at least one')
    .default([5, 20, 50, 100])
    .describe('shares of reads on the target, step by step; the last one is 100'),
  readShiftBakeSeconds: seconds.default(300).describe('how long each share is watched'),
  drainTimeoutSeconds: positiveSeconds.default(30).describe('how long the drain may take inside the pause'),
  taskTimeoutSeconds: positiveSeconds.default(900).describe('how long a DMS task may take to start or stop'),
  fullLoadTimeoutSeconds: positiveSeconds.default(259_200).describe('how long the full load may take'),
  leaseSeconds: positiveSeconds
    .default(60)
    .describe('lease of the lock; a lock without renewal is shown as stale after it'),
});
