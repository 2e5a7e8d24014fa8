import type { Manifest } from '../../definition/manifest/sections';
import type { SqlReader } from '../ports/sql-reader';
import { selectedTables } from './selected-tables';

export interface SequenceRoom {
  /** schema.sequence. */
  readonly sequence: string;
  /** schema.table.column that it feeds; absent when it belongs to no column. */
  readonly column?: string;
  /** Last value given out; undefined when it was never used. Text of a 64-bit integer. */
  readonly lastValue?: string;
  /** The last value that both the sequence and its column can hold. */
  readonly limit: string;
  /** Share of the values from the start to the limit that are still unused, 0 to 100. */
  readonly roomPercent: number;
}

// A bigint sequence behind an integer column ends where the column does.
const query = `
  SELECT s.schemaname || '.' || s.sequencename AS sequence, n.nspname || '.' || c.relname || '.' || a.attname AS column,
    s.last_value, s.start_value, s.increment_by,
    CASE WHEN s.increment_by < 0 THEN greatest(s.min_value, least_of_type) ELSE least(s.max_value, most_of_type) END AS "limit"
  FROM pg_sequences s
  JOIN pg_class q ON q.relname = s.sequencename AND q.relnamespace = s.schemaname::regnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = q.oid AND d.refobjsubid > 0
    AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  LEFT JOIN pg_class c ON c.oid = d.refobjid LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT
    CASE a.atttypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS most_of_type,
    CASE a.atttypid WHEN 'int2'::regtype THEN -32768 WHEN 'int4'::regtype THEN -2147483648 ELSE -9223372036854775808 END AS least_of_type
  ) t
  WHERE s.schemaname = ANY ($1::text[]) ORDER BY 1`;

/** How much room is left in each sequence of the selected tables' schemas, judged by its own type and its column's. */
export async function readSequenceRoom(on: {
  reader: SqlReader;
  tables: Manifest['tables'];
  isSource?: boolean;
  signal: AbortSignal;
}): Promise<SequenceRoom[]> {
  const { schemas } = await selectedTables(on.reader, on.tables, on.isSource ?? true, on.signal);
  const rows = await on.reader.query(query, [schemas], on.signal);
  return rows.map((row) => ({
    sequence: row.sequence ?? '',
    column: row.column ?? undefined,
    lastValue: row.last_value ?? undefined,
    limit: row.limit ?? '',
    roomPercent: roomPercent(row),
  }));
}

function roomPercent(row: Record<string, string | null>): number {
  const [start, limit] = [BigInt(row.start_value ?? 0), BigInt(row.limit ?? 0)];
  const last = row.last_value === null ? start : BigInt(row.last_value ?? 0);
  const size = (from: bigint, to: bigint) => (to > from ? to - from : from - to);
  const whole = size(start, limit);
  const passed = BigInt(row.increment_by ?? 1) > 0n ? last >= limit : last <= limit;
  return whole === 0n || passed ? 0 : Number((size(last, limit) * 10_000n) / whole) / 100;
}
