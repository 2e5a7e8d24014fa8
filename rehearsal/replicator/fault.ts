import { z } from 'zod';

/** A scenario's misfortune of the replicator. */
const replicatorFault = z.discriminatedUnion('kind', [
  /** Waits before every transaction of the target, for one task or for all; 0 ends it. */
  z.strictObject({ kind: z.literal('delay-apply'), milliseconds: z.number().min(0), taskArn: z.string().optional() }),
  /** The process ends at once, as if it had crashed. */
  z.strictObject({ kind: z.literal('exit'), code: z.int().default(70) }),
]);

export type ReplicatorFault = z.infer<typeof replicatorFault>;

/** Throws with what is allowed when the fault is not known. */
export function parseReplicatorFault(value: unknown): ReplicatorFault {
  const parsed = replicatorFault.safeParse(value);
  if (!parsed.success) throw new Error(`not a fault of the replicator: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
