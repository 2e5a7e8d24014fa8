import { z } from 'zod';
import { faultSchema } from '../aws-endpoint/fault-schema';

/**
 * When something goes wrong: at the `begin`, when the operator types a verb (`switch`), or as soon as a part of that
 * verb's pause is heard of (`switch:drain`). It happens once, at the first such moment.
 */
const when = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)*(:[a-z]+)?$/, 'a moment is begin, a verb, or VERB:PART such as switch:drain')
  .default('begin');

/** A misfortune of the cloud or the replicator, or a statement that somebody executes on a database as superuser. */
export const scenarioFault = z.union([
  z.strictObject({ when, fault: faultSchema }),
  z.strictObject({ when, side: z.enum(['source', 'target']), sql: z.string().min(1) }),
]);

export type ScenarioFault = z.infer<typeof scenarioFault>;
