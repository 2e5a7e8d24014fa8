import { isComparedByValue } from '../neutral-types';
import type { Key, KeyRange } from '../table-key';
import type { NeutralColumn, NeutralShape, TableStatements, ValueStatements } from './dialect';
import { isValued, part, plain } from './neutral-postgres';
import { bound, lookup, ordering, readable } from './neutral-postgres-keys';
import { quoted, settingsCondition } from './postgres-canonical';
import { bucketAt, joined, wordDigits } from './row-text';

const sha256 = (text: string): string => `encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
const wordOf = (digest: string): string => `('x' || left(${digest}, ${wordDigits}))::bit(60)::int8`;
const bucketOf = (digest: string): string => `('x' || substr(${digest}, ${bucketAt}, 2))::bit(8)::int4`;

/**
 * A row's digest: SHA-256 of the texts of its columns, each NULL or self-delimiting. A chunk's digest: the sum of a word of
 * each row's; order does not count, repetition does. MySQL computes the same.
 */
export function neutralPostgresStatements(shape: NeutralShape): TableStatements {
  const { key, columns } = shape;
  const table = `${shape.partitioned ? '' : 'ONLY '}${quoted(shape.schema)}.${quoted(shape.name)}`;
  const digest = sha256(joined([...key, ...columns].map(part)));
  const keyTexts = key.map((column, index) => `${plain(column)} AS k${index}`).join(', ');
  const order = key.map(ordering).join(', ');
  const values = valuesOf(shape, table, keyTexts);
  const valued = columns.filter(({ form }) => isComparedByValue(form));
  const bytes = valued.length > 0 ? `, ${bytesOf(valued)} AS bytes` : '';
  return {
    bound(after, count) {
      const { condition, values: bounds } = rangeCondition(key, { after });
      const sql = `SELECT ${keyTexts} FROM ${table} WHERE ${condition} ORDER BY ${order} OFFSET ${count - 1} LIMIT 1`;
      return { sql, values: bounds };
    },
    digests(range) {
      const { condition, values: bounds } = rangeCondition(key, range);
      const has = valued.length > 0 ? `, (${valued.map(isValued).join(' OR ')})::int4 AS v` : '';
      const sql =
        `SELECT w & 255 AS bucket, count(*) AS rows, sum(w) AS digest${has ? ', sum(v) AS valued' : ''} ` +
        // OFFSET 0 keeps the digest from being computed once for each of its uses.
        `FROM (SELECT ${wordOf(digest)} AS w${has} FROM ${table} WHERE ${condition} OFFSET 0) r GROUP BY 1`;
      return { sql, values: bounds };
    },
    rowsInBuckets(range, buckets) {
      const { condition, values: bounds } = rangeCondition(key, range);
      const chosen = `${condition} AND ${bucketOf(digest)} = ANY ($${bounds.length + 1}::int[])`;
      const sql = `SELECT ${keyTexts}, ${digest} AS digest FROM ${table} WHERE ${chosen}`;
      return { sql, values: [...bounds, buckets] };
    },
    rowsByKey(keys) {
      const { condition, values: asked } = keyCondition(key, keys);
      return { sql: `SELECT ${keyTexts}, ${digest} AS digest${bytes} FROM ${table} WHERE ${condition}`, values: asked };
    },
    columnsByKey(keys) {
      const { condition, values: asked } = keyCondition(key, keys);
      const digests = columns.map((column, index) => `${sha256(part(column))} AS c${index}`);
      return { sql: `SELECT ${[keyTexts, ...digests].join(', ')} FROM ${table} WHERE ${condition}`, values: asked };
    },
    countRows: () => ({ sql: `SELECT count(*) AS rows FROM ${table}`, values: [] }),
    values,
  };
}

function valuesOf({ key, columns }: NeutralShape, table: string, keyTexts: string): ValueStatements | undefined {
  const valued = columns.filter(({ form }) => isComparedByValue(form));
  if (valued.length === 0) return undefined;
  const any = `(${valued.map(isValued).join(' OR ')})`;
  const texts = valued.map((column, index) => `CASE WHEN ${isValued(column)} THEN ${plain(column)} END AS v${index}`);
  const rows = `SELECT ${[keyTexts, ...texts].join(', ')} FROM ${table} WHERE ${any}`;
  return {
    columns: valued.map((column) => columns.indexOf(column)),
    inRange(range) {
      const { condition, values } = rangeCondition(key, range);
      return { sql: `${rows} AND ${condition}`, values };
    },
    byKey(keys) {
      const { condition, values } = keyCondition(key, keys);
      return { sql: `${rows} AND ${condition}`, values };
    },
    sizes(range) {
      const { condition, values } = rangeCondition(key, range);
      return {
        sql: `SELECT ${keyTexts}, ${bytesOf(valued)} AS bytes FROM ${table} WHERE ${any} AND ${condition}`,
        values,
      };
    },
  };
}

/** Of the values that are compared one by one; null where the row has none. */
const bytesOf = (valued: readonly NeutralColumn[]): string => {
  const sizes = valued.map((column) => `CASE WHEN ${isValued(column)} THEN octet_length(${plain(column)}) END`);
  return `nullif(${sizes.map((size) => `coalesce(${size}, 0)`).join(' + ')}, 0)`;
};

interface Condition {
  readonly condition: string;
  readonly values: unknown[];
}

function rangeCondition(columns: readonly NeutralColumn[], range: KeyRange): Condition {
  const values: unknown[] = [];
  const parts = [settingsCondition];
  const compare = (operator: string, key: Key) => {
    const texts = readable(columns, key);
    const bounds = columns.map((column, index) => bound(column, `$${values.push(texts[index])}`));
    parts.push(`(${columns.map(ordering).join(', ')}) ${operator} (${bounds.join(', ')})`);
  };
  if (range.after) compare('>', range.after);
  if (range.upTo) compare('<=', range.upTo);
  return { condition: parts.join(' AND '), values };
}

function keyCondition(columns: readonly NeutralColumn[], keys: readonly Key[]): Condition {
  const texts = keys.map((key) => readable(columns, key));
  const values = columns.map((_, index) => texts.map((key) => key[index]));
  const lookups = columns.map(lookup);
  const lists = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const aliases = columns.map((_, index) => `k${index}`).join(', ');
  const asked = lookups.map((each, index) => each.asked(`q.k${index}`)).join(', ');
  const wanted = `SELECT ${asked} FROM unnest(${lists}) AS q(${aliases})`;
  return {
    condition: `${settingsCondition} AND (${lookups.map((each) => each.column).join(', ')}) IN (${wanted})`,
    values,
  };
}
