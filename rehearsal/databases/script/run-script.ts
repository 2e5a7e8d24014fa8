import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { DatabaseError, escapeIdentifier } from 'pg';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { splitScript } from './split-script';
import type { ScriptStatement } from './split-script';

/** What a script needed that it did not bring. */
export interface ScriptReport {
  /** Roles that the script names (owners, grantees) and that did not exist: created without login. */
  readonly createdRoles: readonly string[];
}

/** The script's fault, not the rehearsal's: its message says where. */
export class UnusableScript extends Error {}

/**
 * Runs an SQL script, a plain dump of pg_dump among them, statement by statement on a superuser's connection, each in a
 * transaction of its own unless the script opens one. Throws {@link UnusableScript} with script, line and cause.
 */
export async function runScript(client: Client, title: string, script: string): Promise<ScriptReport> {
  const createdRoles: string[] = [];
  try {
    for (const statement of splitScript(script)) await runStatement(client, statement, createdRoles);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UnusableScript(`${title} cannot be loaded: ${message}`, { cause: error });
  }
  return { createdRoles };
}

async function runStatement(client: Client, statement: ScriptStatement, createdRoles: string[]): Promise<void> {
  const { sql, line, copyData } = statement;
  if (isAboutDatabase(sql)) return;
  refuseForeignEncoding(sql, line);
  try {
    if (copyData === undefined) await client.query(sql);
    else await pipeline(Readable.from([Buffer.from(copyData)]), client.query(copyFrom(sql)));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    if (isHarmless(sql, error)) return;
    const role = missingRole(error);
    if (role !== undefined && (await createRole(client, role))) {
      createdRoles.push(role);
      return runStatement(client, statement, createdRoles);
    }
    const beginning = sql.replace(/\s+/g, ' ').slice(0, 120);
    const details = [error.detail, error.hint, error.where].filter(Boolean).join('; ');
    throw new Error(`line ${line}: ${error.message}${details && ` (${details})`}, in: ${beginning}`, { cause: error });
  }
}

/** A dump with --create makes the database that it was taken from; here it is loaded into the rehearsal's own. */
function isAboutDatabase(sql: string): boolean {
  return /^(CREATE|DROP|ALTER|COMMENT\s+ON)\s+DATABASE\b|^(GRANT|REVOKE)\b[^;]*\bON\s+DATABASE\b/i.test(sql);
}

/** A dump's own settings of a newer pg_dump, and the schema that every database has. */
function isHarmless(sql: string, error: DatabaseError): boolean {
  const unknownSetting =
    error.code === '42704' && /^SET\s/i.test(sql) && error.message.includes('configuration parameter');
  const publicAgain = error.code === '42P06' && /^CREATE\s+SCHEMA\s+"?public"?$/i.test(sql);
  return unknownSetting || publicAgain;
}

/** False inside a transaction of the script's own, which the error has ended already. */
async function createRole(client: Client, role: string): Promise<boolean> {
  return client.query(`CREATE ROLE ${escapeIdentifier(role)} NOLOGIN`).then(
    () => true,
    () => false,
  );
}

function missingRole(error: DatabaseError): string | undefined {
  return error.code === '42704' ? /^role "(.+)" does not exist$/.exec(error.message)?.[1] : undefined;
}

/** Scripts are read as UTF-8; saying otherwise to the server would garble every other letter without an error. */
function refuseForeignEncoding(sql: string, line: number): void {
  const encoding = /^SET\s+(?:client_encoding\s*(?:=|TO)|NAMES)\s*'?([\w-]+)'?$/i.exec(sql)?.[1];
  if (encoding === undefined || /^utf-?8$|^unicode$|^default$/i.test(encoding)) return;
  throw new Error(`line ${line}: the script is in ${encoding}; UTF-8 is read. Dump again with pg_dump --encoding=UTF8`);
}
