import { z } from 'zod';
import { hostName, text } from './words';

const endpoint = z.strictObject({
  endpoint: hostName
    .optional()
    .describe('where the name points; absent: the database of this side, which only level `database` may leave out'),
  setIdentifier: text.optional().describe('absent: `<migration>-source` or `<migration>-target`'),
});

export const recordSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/, 'a lower-case name inside the hosted zone, without wildcard or last dot')
    .describe('the name that clients connect to'),
  kind: z.enum(['read', 'write']).describe('a read name may be shifted by shares; a write name is all or nothing'),
  level: z
    .enum(['database', 'application'])
    .describe('`database`: the name fronts the two databases; `application`: it fronts the two application stacks'),
  ttlSeconds: z
    .number()
    .int('a whole number')
    .min(1, '1 or more')
    .default(5)
    .describe('how long a resolver may keep an answer; it is part of the pause that clients see'),
  replacesSimpleRecord: z
    .boolean()
    .default(false)
    .describe(
      'a simple CNAME of this name stands today: while true, a role of its own may turn it into the pair by `cutover adopt-records`',
    ),
  source: endpoint.prefault({}).describe('the answer while the source is primary'),
  target: endpoint.prefault({}).describe('the answer while the target is primary'),
});
