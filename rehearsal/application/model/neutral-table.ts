import { z } from 'zod';

/**
 * What a column holds, whatever engine holds it. A value of it is written as text in one form for all engines
 * (see ../canonical.ts), or is null.
 */
const kind = z.enum([
  'boolean',
  'integer',
  'decimal',
  'float',
  'text',
  'label',
  'date',
  'timestamp',
  'time',
  'bytes',
  'uuid',
  'json',
  'bits',
  'other',
]);
export type Kind = z.infer<typeof kind>;

const placed = z.strictObject({
  name: z.string(),
  /** As the engine writes it: `decimal(14,2) unsigned`, `orders.purchase_status`. */
  type: z.string(),
});

/** A column that both sides have. The limits are the narrower ones of both, so that a value within them suits both. */
const column = z.strictObject({
  /** As the source calls it. */
  name: z.string(),
  kind,
  on: z.strictObject({ source: placed, target: placed }),
  /** PostgreSQL's name of the type that values are made of. */
  base: z.string(),
  type: z.string(),
  element: z.null(),
  /** The values of an enum, or all sets of labels. */
  labels: z.array(z.string()).nullable(),
  /** Longest text in characters, longest bytes. */
  maxLength: z.int().nullable(),
  precision: z.int().nullable(),
  scale: z.int().nullable(),
  notNull: z.boolean(),
  computed: z.boolean(),
  keyMaker: z.enum(['sequence', 'uuid']).nullable(),
  /** Some rule of either side speaks of it that is not understood here: its value is copied, not invented. */
  restricted: z.boolean(),
  /** Whole numbers from and to, as digits. */
  range: z.tuple([z.string(), z.string()]).optional(),
  /** Only ASCII: the character set of a side holds no more. */
  ascii: z.boolean().optional(),
  /** Trailing spaces mean nothing, since one side pads or cuts them. */
  padded: z.boolean().optional(),
  /** Digits after the second; those of a float: `single` where a side holds but single precision. */
  fraction: z.int().optional(),
  single: z.boolean().optional(),
  /** Instants must be representable as MySQL's TIMESTAMP, which ends in January 2038. */
  until2037: z.boolean().optional(),
});
export type NeutralColumn = z.infer<typeof column>;

const tableName = z.strictObject({ schema: z.string(), table: z.string() });

/** A table that both sides have, under the source's names. */
export const neutralTable = z.strictObject({
  /** `schema.table` of the source. */
  id: z.string(),
  on: z.strictObject({ source: tableName, target: tableName }),
  /** Of no use where two engines speak two languages. */
  sql: z.string(),
  columns: z.array(column),
  /** Primary key, or else a unique key without nullable columns. */
  key: z.array(z.string()),
  /** Of either side. */
  uniques: z.array(z.array(z.string())),
  foreignKeys: z.array(
    z.strictObject({ columns: z.array(z.string()), table: z.string(), referenced: z.array(z.string()) }),
  ),
  hasAfterTriggers: z.boolean(),
  writable: z.boolean(),
  readable: z.boolean(),
});
export type NeutralTable = z.infer<typeof neutralTable>;
