import { ddlOf } from './ddl';
import type { ModelColumn } from './model';

const { name: quote, literal } = ddlOf.postgres;
const routine = 'cutover_numbers_fit';

/**
 * MySQL's own JSON holds whole numbers of 64 bits and doubles (MySQL Reference Manual, "The JSON Data Type"); PostgreSQL's any
 * number. MariaDB keeps the text. One line, since it is typed after a `check`.
 */
const body = `SELECT coalesce(bool_and(CASE
    WHEN v = trunc(v) AND v BETWEEN ${-(2n ** 63n)} AND ${2n ** 64n - 1n} THEN true
    WHEN abs(v) NOT BETWEEN 2.3e-308 AND 1.79e308 THEN false
    ELSE v::float8::text::numeric = v END), true)
  FROM (SELECT (n #>> '{}')::numeric AS v
          FROM jsonb_path_query(doc, 'strict $.** ? (@.type() == "number")') n) numbers`.replace(/\s+/g, ' ');

/** What must hold of a document so that MySQL keeps its numbers, and the function that says so. */
export function numbersCheck(
  source: ModelColumn,
  target: ModelColumn,
  schema: string,
): { readonly condition: string; readonly made: string } | undefined {
  if (source.type.name !== 'json' || target.capacity.kind !== 'json') return undefined;
  const name = `${quote(schema)}.${quote(routine)}`;
  return {
    condition: `${name}(${quote(target.name)}::jsonb)`,
    // Shortest digits, whatever a session asks for.
    made: `CREATE OR REPLACE FUNCTION ${name}(doc jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT SET extra_float_digits = 1 AS ${literal(body)};`,
  };
}
