import type { Key, KeyRange } from '../table-key';
import type { NativeShape, TableShape, TableStatements } from './dialect';
import { neutralPostgresStatements } from './neutral-postgres-statements';
import { canonical, quoted, settingsCondition, typeName } from './postgres-canonical';

/** Rows fall into buckets by a byte of their digest, so a difference points to 1/256 of a chunk. */
const bucketOf = (digest: string): string => `get_byte(${digest}, 0)`;

export const postgresStatements = (shape: TableShape): TableStatements =>
  shape.encoding === 'neutral' ? neutralPostgresStatements(shape) : nativePostgresStatements(shape);

/**
 * A row's digest: SHA-256 of `record_send`, which writes per column its type, its length (−1 for NULL) and its bytes, so
 * no two rows share a text. A chunk's digest: SHA-256 of its sorted row digests; order does not count, repetition does.
 */
function nativePostgresStatements(shape: NativeShape): TableStatements {
  const table = `${shape.partitioned ? '' : 'ONLY '}${quoted(shape.schema)}.${quoted(shape.name)}`;
  const digest = `sha256(record_send(ROW(${[...shape.key, ...shape.columns].map(canonical).join(', ')})))`;
  const keyTexts = shape.key.map((column, index) => `(${canonical(column)})::text AS k${index}`).join(', ');
  const order = shape.key.map((column) => ordered(quoted(column.name), shape, column.type.name));
  const rows = `SELECT ${keyTexts}, encode(${digest}, 'hex') AS digest FROM ${table}`;

  const where = (range: KeyRange, first: number) => rangeCondition(shape, order, range, first);
  return {
    bound(after, count) {
      const { condition, values } = where({ after }, 1);
      const sql = `SELECT ${keyTexts} FROM ${table} WHERE ${condition} ORDER BY ${order.join(', ')} OFFSET ${count - 1} LIMIT 1`;
      return { sql, values };
    },
    digests(range) {
      const { condition, values } = where(range, 1);
      const sql =
        `SELECT ${bucketOf('d')} AS bucket, count(*) AS rows, encode(sha256(string_agg(d, '' ORDER BY d)), 'hex') AS digest ` +
        // OFFSET 0 keeps the digest from being computed once for each of its uses.
        `FROM (SELECT ${digest} AS d FROM ${table} WHERE ${condition} OFFSET 0) r GROUP BY 1`;
      return { sql, values };
    },
    rowsInBuckets(range, buckets) {
      const { condition, values } = where(range, 2);
      return {
        sql: `${rows} WHERE ${bucketOf(digest)} = ANY ($1::int[]) AND ${condition}`,
        values: [buckets, ...values],
      };
    },
    rowsByKey(keys) {
      const { condition, values } = keyCondition(shape, keys);
      return { sql: `${rows} WHERE ${condition}`, values };
    },
    columnsByKey(keys) {
      const { condition, values } = keyCondition(shape, keys);
      const digests = shape.columns.map(
        (column, index) => `encode(sha256(record_send(ROW(${canonical(column)}))), 'hex') AS c${index}`,
      );
      return { sql: `SELECT ${[keyTexts, ...digests].join(', ')} FROM ${table} WHERE ${condition}`, values };
    },
    countRows: () => ({ sql: `SELECT count(*) AS rows FROM ${table}`, values: [] }),
  };
}

const collated = new Set(['text', 'varchar', 'bpchar', 'citext', 'name']);
const ordered = (column: string, { bytewise }: NativeShape, type: string): string =>
  bytewise && collated.has(type) ? `${column}::text COLLATE "C"` : column;

interface Condition {
  readonly condition: string;
  readonly values: unknown[];
}

function rangeCondition(shape: NativeShape, order: readonly string[], range: KeyRange, first: number): Condition {
  const values: unknown[] = [];
  const parts = [settingsCondition];
  const compare = (operator: string, key: Key) => {
    const bound = shape.key.map((column, index) => {
      values.push(key[index]);
      return ordered(`$${first + values.length - 1}::${typeName(column)}`, shape, column.type.name);
    });
    parts.push(`(${order.join(', ')}) ${operator} (${bound.join(', ')})`);
  };
  if (range.after) compare('>', range.after);
  if (range.upTo) compare('<=', range.upTo);
  return { condition: parts.join(' AND '), values };
}

function keyCondition(shape: NativeShape, keys: readonly Key[]): Condition {
  const values = shape.key.map((_, index) => keys.map((key) => key[index]));
  const names = shape.key.map((column) => quoted(column.name));
  const [only] = shape.key;
  if (only && shape.key.length === 1) {
    return { condition: `${settingsCondition} AND ${names[0]} = ANY ($1::text[]::${typeName(only)}[])`, values };
  }
  const asked = shape.key.map((column, index) => `q.k${index}::${typeName(column)}`).join(', ');
  const lists = shape.key.map((_, index) => `$${index + 1}::text[]`).join(', ');
  const aliases = shape.key.map((_, index) => `k${index}`).join(', ');
  const wanted = `SELECT ${asked} FROM unnest(${lists}) AS q(${aliases})`;
  return { condition: `${settingsCondition} AND (${names.join(', ')}) IN (${wanted})`, values };
}
