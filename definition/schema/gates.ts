import { z } from 'zod';
import { count, positiveSeconds, seconds } from './words';

export const gatesSchema = z.strictObject({
  maxLagSeconds: positiveSeconds.default(5).describe('replication lag, by heartbeat row and by DMS metric'),
  lagWindowSeconds: seconds.default(300).describe('how long the lag must have stayed below that'),
  maxMarkerRoundTripSeconds: positiveSeconds.default(10).describe('time of a marker row from one side to the other'),
  maxOpenTransactionSeconds: positiveSeconds.default(30).describe('age of the oldest open transaction'),
  maxWritePauseSeconds: positiveSeconds
    .default(120)
    .describe('longest pause of writes that clients may see, unwinding included'),
  undoReserveSeconds: positiveSeconds
    .default(15)
    .describe('time kept back, inside the pause, to open the old side again'),
  maxVerificationAgeSeconds: positiveSeconds.default(86_400).describe('age of the last clean full verification'),
  consistencyHoldSeconds: seconds
    .default(86_400)
    .describe('how long the data must have been consistent. Minimum: production 3600, staging 300, development 0'),
  maxTtlSeconds: count.default(60).describe('largest TTL of a record'),
  maxPropagationSeconds: seconds
    .default(60)
    .describe('time until all name servers answer a change. Route 53: generally within 60 seconds'),
  sequenceHeadroom: count.default(10_000).describe('values that sequences jump ahead of both sides'),
  minSequenceRoomPercent: z
    .number()
    .min(0, '0 to 100')
    .max(100, '0 to 100')
    .default(20)
    .describe('values that the type of a sequence must have left'),
  minBackupRetentionDays: z.number().int().min(0).max(35).default(7).describe('backups that the target must keep'),
});
