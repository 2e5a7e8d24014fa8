import type { Connection, QueryError } from 'mysql2/promise';
import { UnusableScript } from '../script/run-script';
import type { ScriptStatement } from '../script/split-script';
import { splitMysqlScript } from './split-mysql-script';

/** What was done otherwise than the script says. */
export interface MysqlScriptReport {
  /** Collations of MySQL 8 that this server does not know, and what was taken in their place. */
  readonly collations: ReadonlyMap<string, string>;
}

/** MySQL 8's collations by what they do; MariaDB has neither before 11.4, and knows these. */
const collationsInPlace: readonly (readonly [RegExp, string])[] = [
  [/\butf8mb4_0900_ai_ci\b/gi, 'utf8mb4_unicode_520_ci'],
  [/\butf8mb4_0900_(?:as_cs|bin)\b/gi, 'utf8mb4_bin'],
];
const unknownCollation = 1273;

/**
 * Runs an SQL script, a dump of mysqldump or mariadb-dump among them, statement by statement on an administrator's
 * connection to the database that it is meant for. Throws {@link UnusableScript} with script, line and cause.
 */
export async function runMysqlScript(
  connection: Connection,
  title: string,
  script: string,
): Promise<MysqlScriptReport> {
  const collations = new Map<string, string>();
  try {
    for (const statement of splitMysqlScript(script)) await runStatement(connection, statement, collations);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UnusableScript(`${title} cannot be loaded: ${message}`, { cause: error });
  }
  return { collations };
}

async function runStatement(
  connection: Connection,
  { sql, line }: ScriptStatement,
  collations: Map<string, string>,
): Promise<void> {
  if (isElsewhere(sql)) return;
  refuseFurtherFile(sql, line);
  refuseForeignEncoding(sql, line);
  let text = withoutDefiner(sql);
  for (const [collation, other] of collations) text = text.replaceAll(collation, other);
  try {
    await connection.query(text).catch((error: unknown) => {
      if ((error as QueryError).errno !== unknownCollation) throw error;
      return connection.query(knownCollations(text, collations));
    });
  } catch (error) {
    const beginning = sql.replace(/\s+/g, ' ').slice(0, 120);
    throw new Error(`line ${line}: ${(error as Error).message}, in: ${beginning}`, { cause: error });
  }
}

/**
 * About other databases than the rehearsal's own, or the whole server: a dump with --databases makes and enters the
 * database that it was taken from, and one of a server with GTIDs sets those.
 */
function isElsewhere(sql: string): boolean {
  const bare = sql.replace(/^\/\*M?!\d*\s*/, '');
  return (
    /^(CREATE|DROP|ALTER)\s+(\/\*.*?\*\/\s*)?(DATABASE|SCHEMA)\b|^USE\b/i.test(bare) ||
    /^SET\s+@@GLOBAL\.GTID_PURGED\b/i.test(bare)
  );
}

/** Whoever defined a view or trigger elsewhere is no account here, and could not run it. */
function withoutDefiner(sql: string): string {
  if (!/^(\/\*M?!\d*\s*)?CREATE\b/i.test(sql)) return sql;
  const name = String.raw`(?:\`[^\`]*\`|'[^']*'|"[^"]*"|[\w.%-]+)`;
  return sql.replace(
    new RegExp(String.raw`\bDEFINER\s*=\s*(?:${name}(?:\s*@\s*${name})?|CURRENT_USER(?:\(\))?)`, 'i'),
    '',
  );
}

function knownCollations(sql: string, collations: Map<string, string>): string {
  let text = sql;
  for (const [collation, other] of collationsInPlace) {
    for (const name of sql.match(collation) ?? []) collations.set(name, other);
    text = text.replace(collation, other);
  }
  return text;
}

/** `source FILE`: the client reads another script there. */
function refuseFurtherFile(sql: string, line: number): void {
  const file = /^(?:source|\\\.)[^\S\n]+(\S+)/i.exec(sql)?.[1];
  if (file === undefined) return;
  throw new Error(
    `line ${line}: the mysql client reads ${file} here, and scripts are loaded without it. ` +
      'Take the line out, and give the rows in one file as --source-data (cat … > rows.sql), or dump the database',
  );
}

/** Scripts are read as UTF-8; saying otherwise to the server would garble every other letter without an error. */
function refuseForeignEncoding(sql: string, line: number): void {
  const encoding = /^(?:\/\*!\d*\s*)?SET\s+NAMES\s+'?(\w+)/i.exec(sql)?.[1];
  if (encoding === undefined || /^(utf8|utf8mb3|utf8mb4|ascii|binary|default)$/i.test(encoding)) return;
  throw new Error(
    `line ${line}: the script is in ${encoding}; UTF-8 is read. Dump again with --default-character-set=utf8mb4`,
  );
}
