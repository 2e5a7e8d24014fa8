import type { Manifest } from '../manifest/sections';

type Transformation = NonNullable<Manifest['tables']['transformations']>[number];

/** Stands in both expressions for the value that is converted. */
export const placeholder = '$value';

/**
 * A column of the source that replication carries as it is, and beside which the target keeps a converted one. Both
 * expressions are SQL of PostgreSQL; each leads back to the value that the other one began with.
 */
export interface Conversion {
  /** schema.table on the source. */
  readonly table: string;
  /** On the source; the target has it too, under the name that the definition gives it there. */
  readonly column: string;
  /** The converted column, on the target alone. */
  readonly to: string;
  readonly forward: string;
  readonly reverse: string;
  /** Why the target refuses a value of the converted column. */
  readonly refusal: string;
  /** What the expressions say may depend on settings of the session. */
  readonly dependsOnSettings: boolean;
}

/** Exact for every bigint: days and seconds are multiplied as whole numbers, only the rest of a day passes a double. */
const intervalOfMicroseconds =
  'make_interval(days => ($value / 86400000000)::int4, secs => ($value % 86400000000)::float8 / 1000000)';

/** Field by field, in exact digits: the epoch of an interval is a double before PostgreSQL 14. */
const microsecondsOfInterval =
  'extract(day FROM $value)::numeric * 86400000000 + extract(hour FROM $value)::numeric * 3600000000' +
  ' + extract(minute FROM $value)::numeric * 60000000 + extract(microseconds FROM $value)::numeric';

/** What a transformation converts, if it does. */
export function conversionOf(one: Transformation): Conversion | undefined {
  if (one.kind === 'convert-column')
    return { ...one, refusal: 'converted there and back it is another value', dependsOnSettings: true };
  if (one.kind !== 'microseconds-to-interval') return undefined;
  return {
    ...one,
    forward: intervalOfMicroseconds,
    reverse: microsecondsOfInterval,
    refusal: 'months and infinity are no number of microseconds',
    dependsOnSettings: false,
  };
}

export const conversionsOf = (transformations: readonly Transformation[]): Conversion[] =>
  transformations.map(conversionOf).filter((each) => each !== undefined);

type Expressions = Pick<Conversion, 'forward' | 'reverse'>;

export const forwardOf = ({ forward }: Expressions, value: string): string =>
  `(${forward.replaceAll(placeholder, () => value)})`;
export const reverseOf = ({ reverse }: Expressions, value: string): string =>
  `(${reverse.replaceAll(placeholder, () => value)})`;

/** True or false, never null: each of the two is what the other one is converted into, compared as their types compare. */
export const agreementOf = (expressions: Expressions, column: string, to: string): string =>
  `(${to} IS NOT DISTINCT FROM ${forwardOf(expressions, column)} AND ${column} IS NOT DISTINCT FROM ${reverseOf(expressions, to)})`;
