import { isComparedByValue } from '../neutral-types';
import type { NeutralColumn, TableShape, TableStatements, ValueStatements } from './dialect';
import { isValued, part, printed, quoted, sizeOf } from './mysql-canonical';
import { keyCondition, ordering, rangeCondition } from './mysql-keys';
import { bucketAt, joined, wordDigits } from './row-text';

/** Keeps an inner query from being merged into the outer one, which would compute the digest for each of its uses. */
const onItsOwn = 'LIMIT 18446744073709551615';

const sha256 = (text: string): string => `SHA2(${text}, 256)`;
/** A row too long for the server (`max_allowed_packet`) has no digest: it gets a word of its own, and is equal to none. */
const wordOf = (digest: string): string =>
  `COALESCE(CAST(CONV(LEFT(${digest}, ${wordDigits}), 16, 10) AS UNSIGNED), 0)`;
const bucketOf = (digest: string): string =>
  `COALESCE(CAST(CONV(SUBSTR(${digest}, ${bucketAt}, 2), 16, 10) AS UNSIGNED), 0)`;

/** The statements of PostgreSQL's neutral form, as MySQL and MariaDB compute the same. */
export function mysqlStatements(shape: TableShape): TableStatements {
  if (shape.encoding !== 'neutral') throw new Error('the native form of PostgreSQL is asked of MySQL');
  const { key, columns } = shape;
  const table = `${quoted(shape.schema)}.${quoted(shape.name)}`;
  const digest = sha256(joined([...key, ...columns].map(part)));
  const keyTexts = key.map((column, index) => `${printed(column)} AS k${index}`).join(', ');
  const order = key.map((column) => ordering(column, shape)).join(', ');
  const valued = columns.filter(({ form }) => isComparedByValue(form));
  const bytes = valued.length > 0 ? `, ${bytesOf(valued)} AS bytes` : '';
  return {
    bound(after, count) {
      const { condition, values } = rangeCondition(shape, { after });
      const sql = `SELECT ${keyTexts} FROM ${table} WHERE ${condition} ORDER BY ${order} LIMIT 1 OFFSET ${count - 1}`;
      return { sql, values };
    },
    digests(range) {
      const { condition, values } = rangeCondition(shape, range);
      const has = valued.length > 0 ? `, (${valued.map(isValued).join(' OR ')}) AS v, ${sumOfSizes(valued)} AS b` : '';
      const sum = valued.length > 0 ? ', SUM(v) AS valued, SUM(b) AS bytes' : '';
      const sql =
        `SELECT w & 255 AS bucket, COUNT(*) AS \`rows\`, SUM(w) AS digest${sum} ` +
        `FROM (SELECT ${wordOf(digest)} AS w${has} FROM ${table} WHERE ${condition} ${onItsOwn}) r GROUP BY bucket`;
      return { sql, values };
    },
    rowsInBuckets(range, buckets) {
      const { condition, values } = rangeCondition(shape, range);
      // The few rows that are meant have their digest computed twice: cheaper than to keep those of all rows.
      const chosen = `${condition} AND ${bucketOf(digest)} IN (${buckets.join(', ')})`;
      return { sql: `SELECT ${keyTexts}, ${digest} AS digest FROM ${table} WHERE ${chosen}`, values };
    },
    rowsByKey(keys) {
      const { condition, values } = keyCondition(shape, keys);
      return { sql: `SELECT ${keyTexts}, ${digest} AS digest${bytes} FROM ${table} WHERE ${condition}`, values };
    },
    columnsByKey(keys) {
      const { condition, values } = keyCondition(shape, keys);
      const digests = columns.map((column, index) => `${sha256(part(column))} AS c${index}`);
      return { sql: `SELECT ${[keyTexts, ...digests].join(', ')} FROM ${table} WHERE ${condition}`, values };
    },
    countRows: () => ({ sql: `SELECT COUNT(*) AS \`rows\` FROM ${table}`, values: [] }),
    values: valued.length === 0 ? undefined : valueStatements(shape, table, keyTexts, valued),
  };
}

function valueStatements(
  shape: Extract<TableShape, { encoding: 'neutral' }>,
  table: string,
  keyTexts: string,
  valued: readonly NeutralColumn[],
): ValueStatements {
  const any = `(${valued.map(isValued).join(' OR ')})`;
  const texts = valued.map((column, index) => `IF(${isValued(column)}, ${printed(column)}, NULL) AS v${index}`);
  const rows = `SELECT ${[keyTexts, ...texts].join(', ')} FROM ${table} WHERE ${any}`;
  return {
    columns: valued.map((column) => shape.columns.indexOf(column)),
    inRange(range) {
      const { condition, values } = rangeCondition(shape, range);
      return { sql: `${rows} AND ${condition}`, values };
    },
    byKey(keys) {
      const { condition, values } = keyCondition(shape, keys);
      return { sql: `${rows} AND ${condition}`, values };
    },
    sizes(range) {
      const { condition, values } = rangeCondition(shape, range);
      const sizes = `SELECT ${keyTexts}, ${bytesOf(valued)} AS bytes FROM ${table} WHERE ${any} AND ${condition}`;
      return { sql: sizes, values };
    },
  };
}

const sumOfSizes = (valued: readonly NeutralColumn[]): string => valued.map(sizeOf).join(' + ');
/** Null where the row has none. */
const bytesOf = (valued: readonly NeutralColumn[]): string => `NULLIF(${sumOfSizes(valued)}, 0)`;
