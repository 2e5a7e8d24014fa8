import { createHash } from 'node:crypto';
import type { Manifest } from '../manifest/sections';
import { renamingOf } from './renaming';

type Transformations = NonNullable<Manifest['tables']['transformations']>;

/** What keeps one interval column of the target equal to the whole microseconds beside it. */
export interface IntervalTrigger {
  /** schema.table on the target. */
  readonly table: string;
  /** Holds the microseconds on both sides. */
  readonly column: string;
  /** The interval, on the target alone. */
  readonly to: string;
  /** Of the function, in the schema of the table, and of the trigger: says by its digits what it does. */
  readonly name: string;
  /** Body of the function, as the catalogue keeps it. */
  readonly body: string;
  /** Makes both, once more if need be, and fills what stands there already. */
  readonly sql: string;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** At most 63 bytes, as PostgreSQL takes it; `of` decides the digits. */
export function cutoverName(title: string, of: string): string {
  const digits = createHash('sha256').update(of).digest('hex').slice(0, 8);
  let start = title;
  while (Buffer.byteLength(start) > 46) start = start.slice(0, -1);
  return `cutover_${start}_${digits}`;
}

/** Exact for every bigint: days and seconds are multiplied as whole numbers, only the rest of a day passes a double. */
const intervalOf = (microseconds: string): string =>
  `make_interval(days => (${microseconds} / 86400000000)::int4, secs => (${microseconds} % 86400000000)::float8 / 1000000)`;

/** Field by field: the epoch of an interval is a double before PostgreSQL 14. */
const microsecondsOf = (interval: string): string =>
  `extract(day FROM ${interval})::int8 * 86400000000 + extract(hour FROM ${interval})::int8 * 3600000000` +
  ` + extract(minute FROM ${interval})::int8 * 60000000 + extract(microseconds FROM ${interval})::int8`;

function bodyOf(table: string, column: string, to: string): string {
  const [whole, interval] = [`NEW.${quoted(column)}`, `NEW.${quoted(to)}`];
  return `
BEGIN
  IF current_setting('session_replication_role') = 'replica' THEN
    ${interval} := ${intervalOf(whole)};
    RETURN NEW;
  END IF;
  IF ${interval} IS NOT NULL AND (NOT isfinite(${interval}) OR extract(year FROM ${interval}) <> 0 OR extract(month FROM ${interval}) <> 0) THEN
    RAISE EXCEPTION USING ERRCODE = 'invalid_datetime_format',
      MESSAGE = ${literal(`${table}.${to} cannot be `)} || ${interval} || ': months and infinity are no number of microseconds';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF ${interval} IS NOT NULL THEN
      ${whole} := ${microsecondsOf(interval)};
    ELSE
      ${interval} := ${intervalOf(whole)};
    END IF;
  ELSIF ${interval} IS DISTINCT FROM OLD.${quoted(to)} THEN
    ${whole} := ${microsecondsOf(interval)};
  ELSIF ${whole} IS DISTINCT FROM OLD.${quoted(column)} THEN
    ${interval} := ${intervalOf(whole)};
  END IF;
  RETURN NEW;
END
`;
}

/** One per `microseconds-to-interval` of the definition, in its order. */
export const intervalTriggers = (transformations: Transformations): IntervalTrigger[] =>
  transformations
    .filter((one) => one.kind === 'microseconds-to-interval')
    .map(({ table: source, column: of, to }) => {
      const renaming = renamingOf(transformations, true);
      const [table, column] = [renaming.table(source), renaming.column(source, of)];
      const body = bodyOf(table, column, to);
      const name = cutoverName(to, `${table} ${body}`);
      return { table, column, to, name, body, sql: sqlOf(table, column, to, name, body) };
    });

function sqlOf(table: string, column: string, to: string, name: string, body: string): string {
  const dot = table.indexOf('.');
  const schema = quoted(table.slice(0, dot));
  const relation = `${schema}.${quoted(table.slice(dot + 1))}`;
  const routine = `${schema}.${quoted(name)}`;
  return `CREATE OR REPLACE FUNCTION ${routine}() RETURNS trigger LANGUAGE plpgsql AS $cutover$${body}$cutover$;
DROP TRIGGER IF EXISTS ${quoted(name)} ON ${relation};
CREATE TRIGGER ${quoted(name)} BEFORE INSERT OR UPDATE ON ${relation} FOR EACH ROW EXECUTE FUNCTION ${routine}();
ALTER TABLE ${relation} ENABLE ALWAYS TRIGGER ${quoted(name)};
UPDATE ${relation} SET ${quoted(to)} = ${intervalOf(quoted(column))}
  WHERE ${quoted(column)} IS NOT NULL AND ${quoted(to)} IS NULL;
`;
}

/**
 * The triggers of `$1` (names), `$2` (bodies) and `$3` (schema.table) that stand as they must: before each row is inserted or
 * updated, always, and with the generated body. Answers `name` and `oid`.
 */
export const standingIntervalTriggers = `
  SELECT t.tgname AS name, t.oid::text AS oid
    FROM unnest($1::text[], $2::text[], $3::text[]) AS w(name, body, relation)
    JOIN pg_trigger t ON t.tgname = w.name AND t.tgenabled = 'A' AND t.tgtype = 23 AND t.tgqual IS NULL AND t.tgattr = ''
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname || '.' || c.relname = w.relation
    JOIN pg_proc p ON p.oid = t.tgfoid AND p.prosrc = w.body AND p.proconfig IS NULL AND NOT p.prosecdef
    JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
   WHERE NOT t.tgisinternal ORDER BY 1`;
