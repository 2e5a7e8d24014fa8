import { z } from 'zod';

const locator = z.object({
  'schema-name': z.string(),
  'table-name': z.string().default('%'),
  'column-name': z.string().optional(),
});
const identity = { 'rule-id': z.coerce.string(), 'rule-name': z.coerce.string() };

const selection = z.object({
  ...identity,
  'rule-type': z.literal('selection'),
  'object-locator': locator,
  'rule-action': z.enum(['include', 'exclude', 'explicit']),
  filters: z.array(z.unknown()).max(0, 'filters are not supported by this replicator; select whole tables').optional(),
});

/**
 * What a transformation may do to a name, `remove-column`, and `change-data-type`, of which nothing is to be done: tables
 * stand on the target before a task writes there, and their own types decide how a value is written. Other actions of DMS are refused,
 * not ignored.
 */
const transformation = z.object({
  ...identity,
  'rule-type': z.literal('transformation'),
  'rule-target': z.enum(['schema', 'table', 'column']),
  'object-locator': locator,
  'rule-action': z.enum([
    'rename',
    'remove-column',
    'change-data-type',
    'convert-lowercase',
    'convert-uppercase',
    'add-prefix',
    'remove-prefix',
    'replace-prefix',
    'add-suffix',
    'remove-suffix',
    'replace-suffix',
  ]),
  value: z.string().optional(),
  'old-value': z.string().optional(),
});

const mappings = z.object({
  rules: z.array(z.discriminatedUnion('rule-type', [selection, transformation])).min(1),
});

export type SelectionRule = z.infer<typeof selection>;
export type TransformationRule = z.infer<typeof transformation>;

/** The rules of a task's `TableMappings`. Throws with the rule's path, its value and what is allowed. */
export function parseRules(json: string): { selections: SelectionRule[]; transformations: TransformationRule[] } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(`TableMappings is not JSON: ${(error as Error).message}`);
  }
  const parsed = mappings.safeParse(value);
  if (!parsed.success) throw new Error(`TableMappings is not understood: ${z.prettifyError(parsed.error)}`);
  const selections: SelectionRule[] = [];
  const transformations: TransformationRule[] = [];
  for (const rule of parsed.data.rules) {
    if (rule['rule-type'] === 'selection') selections.push(rule);
    else transformations.push(rule);
  }
  if (selections.length === 0) throw new Error('TableMappings has no selection rule, so no table would be captured');
  return { selections, transformations };
}
