import { z } from 'zod';

/** What stands in `locks/<environment>/<migration>.json`. A released lock keeps its epoch. */
const lockBody = z.object({
  schema: z.literal(1),
  epoch: z.number().int().positive(),
  /** Of whoever took the lock: tells one's own write from another's after a lost answer. */
  nonce: z.string(),
  holder: z
    .object({
      name: z.string(),
      runId: z.string(),
      verb: z.string(),
      takenAt: z.string(),
      renewedAt: z.string(),
    })
    .optional(),
});

export type LockBody = z.infer<typeof lockBody>;

export const lockKey = (environment: string, migration: string): string => `locks/${environment}/${migration}.json`;

/** @throws Error: an unreadable lock is nobody's to take */
export function parseLock(place: string, text: string): LockBody {
  try {
    return lockBody.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${place} is not a lock of schema 1; look at the versions of the object before you go on`, {
      cause,
    });
  }
}
