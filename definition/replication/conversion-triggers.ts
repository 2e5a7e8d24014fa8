import type { Manifest } from '../manifest/sections';
import { agreementOf, conversionsOf, forwardOf, reverseOf, type Conversion } from './conversions';
import { cutoverName } from './names';
import { renamingOf } from './renaming';

type Transformations = NonNullable<Manifest['tables']['transformations']>;

/** What keeps one converted column of the target equal to the column that replication carries. */
export interface ConversionTrigger {
  /** schema.table on the target. */
  readonly table: string;
  /** Stands on both sides; its name on the target. */
  readonly column: string;
  /** The converted column, on the target alone. */
  readonly to: string;
  /** Of the function, in the schema of the table, and of the trigger: says by its digits what it does. */
  readonly name: string;
  /** Body of the function, as the catalogue keeps it. */
  readonly body: string;
  /** Settings of the function, as the catalogue keeps them, a line each. */
  readonly settings: string;
  /** Makes both, once more if need be, and fills what stands there already. */
  readonly sql: string;
  /** Answers no row, and fails where the expressions do not fit the columns. */
  readonly trial: string;
}

type Settings = Readonly<Record<string, string>>;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** What an expression of the definition may depend on says the same in every session. */
const fixedSettings: Settings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  search_path: 'pg_catalog, pg_temp',
};

/** A month that is written over 30 days is a change, though the two are equal. */
const differ = (one: string, other: string): string =>
  `(${one} IS DISTINCT FROM ${other} OR ${one}::text IS DISTINCT FROM ${other}::text)`;

function bodyOf(table: string, names: { column: string; to: string }, conversion: Conversion): string {
  const [column, to] = [`NEW.${quoted(names.column)}`, `NEW.${quoted(names.to)}`];
  const convert = `${to} := ${forwardOf(conversion, column)};`;
  const convertBack = `${column} := ${reverseOf(conversion, to)};`;
  return `
BEGIN
  IF current_setting('session_replication_role') = 'replica' THEN
    ${convert}
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF ${to} IS NOT NULL THEN
      ${convertBack}
    ELSE
      ${convert}
    END IF;
  ELSIF ${differ(to, `OLD.${quoted(names.to)}`)} THEN
    ${convertBack}
  ELSIF ${differ(column, `OLD.${quoted(names.column)}`)} THEN
    ${convert}
  ELSE
    RETURN NEW;
  END IF;
  IF NOT ${agreementOf(conversion, column, to)} THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation',
      MESSAGE = ${literal(`${table}.${names.to} cannot be `)} || coalesce(${to}::text, 'null')
        || ${literal(` beside ${names.column} `)} || coalesce(${column}::text, 'null') || ${literal(`: ${conversion.refusal}`)};
  END IF;
  RETURN NEW;
END
`;
}

/** One per `convert-column` and `microseconds-to-interval` of the definition, in its order. */
export const conversionTriggers = (transformations: Transformations): ConversionTrigger[] => {
  const renaming = renamingOf(transformations, true);
  return conversionsOf(transformations).map((conversion) => {
    const { table: source, to } = conversion;
    const [table, column] = [renaming.table(source), renaming.column(source, conversion.column)];
    const body = bodyOf(table, { column, to }, conversion);
    const settings = conversion.dependsOnSettings ? fixedSettings : {};
    const name = cutoverName(to, `${table} ${body}`);
    const dot = table.indexOf('.');
    const schema = quoted(table.slice(0, dot));
    const relation = `${schema}.${quoted(table.slice(dot + 1))}`;
    return {
      ...{ table, column, to, name, body },
      settings: Object.entries(settings)
        .map(([setting, value]) => `${setting}=${value}`)
        .join('\n'),
      sql: sqlOf(relation, `${schema}.${quoted(name)}`, body, settings, { ...conversion, column }),
      trial: `SELECT ${agreementOf(conversion, quoted(column), quoted(to))} FROM ${relation} LIMIT 0`,
    };
  });
};

function sqlOf(relation: string, routine: string, body: string, settings: Settings, conversion: Conversion): string {
  const [column, to] = [quoted(conversion.column), quoted(conversion.to)];
  const trigger = routine.slice(routine.indexOf('.') + 1);
  // A path is a list of names, not one text.
  const fixed = Object.entries(settings)
    .map(([name, value]) => ` SET ${name} = ${value.split(', ').map(literal).join(', ')}`)
    .join('');
  return `CREATE OR REPLACE FUNCTION ${routine}() RETURNS trigger LANGUAGE plpgsql${fixed} AS $cutover$${body}$cutover$;
DROP TRIGGER IF EXISTS ${trigger} ON ${relation};
CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${relation} FOR EACH ROW EXECUTE FUNCTION ${routine}();
ALTER TABLE ${relation} ENABLE ALWAYS TRIGGER ${trigger};
${under(settings, `UPDATE ${relation} SET ${to} = ${forwardOf(conversion, column)}\n  WHERE ${column} IS NOT NULL AND ${to} IS NULL;`)}
`;
}

function under(settings: Settings, statement: string): string {
  const all = Object.entries(settings).map(([name, value]) => `set_config(${literal(name)}, ${literal(value)}, true)`);
  if (all.length === 0) return statement;
  return `DO $cutover$ BEGIN\n  PERFORM ${all.join(', ')};\n  ${statement}\nEND $cutover$;`;
}

/**
 * The triggers of `$1` (names), `$2` (bodies), `$3` (schema.table) and `$4` (settings) that stand as they must: before each
 * row is inserted or updated, always, and with the generated body under the settings. Answers `name` and `oid`.
 */
const standing = `
  SELECT t.tgname AS name, t.oid::text AS oid
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS w(name, body, relation, settings)
    JOIN pg_trigger t ON t.tgname = w.name AND t.tgenabled = 'A' AND t.tgtype = 23 AND t.tgqual IS NULL AND t.tgattr = ''
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname || '.' || c.relname = w.relation
    JOIN pg_proc p ON p.oid = t.tgfoid AND p.prosrc = w.body AND NOT p.prosecdef
      AND coalesce(array_to_string(p.proconfig, E'\\n'), '') = w.settings
    JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
   WHERE NOT t.tgisinternal ORDER BY 1`;

/** The statement that answers `name` and `oid` of those that stand as they must. */
export const standingTriggers = (wanted: readonly ConversionTrigger[]): { sql: string; values: string[][] } => ({
  sql: standing,
  values: (['name', 'body', 'table', 'settings'] as const).map((part) => wanted.map((each) => each[part])),
});
