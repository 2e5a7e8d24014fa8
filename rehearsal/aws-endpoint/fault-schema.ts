import { z } from 'zod';

const operation = { service: z.string().optional(), operation: z.string(), count: z.int().positive().default(1) };

/** A misfortune of the cloud. `service` is the signing name (`route53`, `dms`, `s3`, …); without it any service fits. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** The next `count` calls are refused as throttled, without effect. */
  z.strictObject({ kind: z.literal('throttle'), ...operation }),
  /** The next `count` calls take effect, but their answer is lost: a 500, or the connection is reset. */
  z.strictObject({ kind: z.literal('answer-lost'), ...operation, manner: z.enum(['error', 'reset']).default('error') }),
  /** The next `count` calls fail with this code, without effect. */
  z.strictObject({ kind: z.literal('refuse'), ...operation, code: z.string(), status: z.int().default(400) }),
  /** Every call is refused, as with temporary credentials whose time is over; `active: false` is a new sign-in. */
  z.strictObject({ kind: z.literal('credentials-expired'), active: z.boolean().default(true) }),
  /** The metrics of a task (or of all) are no longer published, or go on with the last figure. */
  z.strictObject({
    kind: z.literal('metrics'),
    mode: z.enum(['absent', 'frozen', 'normal']),
    taskArn: z.string().optional(),
  }),
  /** Changes stay PENDING although the name servers have them. */
  z.strictObject({ kind: z.literal('never-insync'), active: z.boolean().default(true) }),
  /** The next `count` starts of a task end in `failed`. */
  z.strictObject({
    kind: z.literal('task-start-fails'),
    taskArn: z.string().optional(),
    count: z.int().positive().default(1),
    message: z.string().default('Last Error Task failed to start. Stop Reason FATAL_ERROR Error Level FATAL'),
  }),
  /** A table's state in the statistics, whatever the replicator reports; `null` ends it. */
  z.strictObject({
    kind: z.literal('table-state'),
    taskArn: z.string(),
    schema: z.string(),
    table: z.string(),
    state: z.string().nullable(),
  }),
  /** A secret gets a new version, with another value where one is given. */
  z.strictObject({ kind: z.literal('secret-rotated'), secretId: z.string(), value: z.string().optional() }),
  /** A stack of the seed gets another status, e.g. `UPDATE_IN_PROGRESS`. */
  z.strictObject({ kind: z.literal('stack-status'), name: z.string(), status: z.string() }),
  /** Handed to the replicator as it is. */
  z.strictObject({ kind: z.literal('replicator'), fault: z.looseObject({}) }),
]);

export type Fault = z.infer<typeof faultSchema>;
