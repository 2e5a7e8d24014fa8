import { z } from 'zod';
import { tableName, tablePattern, text } from './words';

export const tablesSchema = z.strictObject({
  include: z
    .array(tablePattern)
    .min(1, 'at least one')
    .describe('tables that move, as `schema.table` with % as wildcard'),
  exclude: z.array(tablePattern).default([]).describe('tables among them that stay'),
});

const column = {
  table: tableName.describe('schema.table on the source'),
  column: text.describe('column on the source'),
};

/** It is put into statements, between parentheses. */
const expression = z
  .string()
  .regex(
    /^(?!.*(?:;|--|\/\*|\$(?!value\b)))(?=.*\$value\b).+$/s,
    'one SQL expression with $value in it, without `;`, comments or another `$`',
  );

export const transformationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rename-schema').describe('the schema has another name on the target'),
    schema: text.describe('schema on the source'),
    to: text.describe('name on the target'),
  }),
  z.strictObject({
    kind: z.literal('rename-table').describe('the table has another name on the target'),
    table: tableName.describe('schema.table on the source'),
    to: text.describe('name on the target'),
  }),
  z.strictObject({
    kind: z.literal('rename-column').describe('the column has another name on the target'),
    ...column,
    to: text.describe('name on the target'),
  }),
  z.strictObject({
    kind: z.literal('change-type').describe('the column has another type on the target'),
    ...column,
    type: z
      .enum(['boolean', 'int2', 'int4', 'int8', 'numeric', 'string', 'datetime', 'date', 'time', 'bytes', 'clob'])
      .describe('type of DMS on the target'),
    length: z.number().int().positive().optional().describe('length, where the type has one'),
  }),
  z.strictObject({
    kind: z
      .literal('microseconds-to-interval')
      .describe('beside whole microseconds the target keeps an interval, by generated triggers'),
    ...column,
    to: text.describe('the interval column, on the target alone'),
  }),
  z.strictObject({
    kind: z
      .literal('convert-column')
      .describe('beside the column the target keeps a converted one, by SQL expressions in generated triggers'),
    ...column,
    to: text.describe('the converted column, on the target alone'),
    forward: expression.describe('SQL of the target that makes the converted value of `$value`'),
    reverse: expression.describe('SQL of the target that makes the value of the source of `$value`, the converted one'),
  }),
  z.strictObject({
    kind: z
      .literal('add-column')
      .describe('only the target has the column: its default, expression or trigger fills it'),
    table: column.table,
    column: text.describe('column on the target'),
  }),
  z.strictObject({ kind: z.literal('drop-column').describe('the column does not move'), ...column }),
]);

export const waiverSchema = z.strictObject({
  table: tablePattern.describe('what is waived for'),
  check: z
    .enum(['table-without-key', 'unverified', 'schema', 'cascades', 'data', 'reverse-fitness'])
    .describe(
      'the finding: updates and deletes that are not replicated, rows that nothing compares, a schema that differs, rows that foreign keys of MySQL change without logging it, ' +
        'data that the target takes otherwise or not at all, or what the target accepts and MySQL cannot hold',
    ),
  reason: text.describe(
    'why that is accepted, for the next person who reads it; of `reverse-fitness` it says "rollback lossy"',
  ),
});
