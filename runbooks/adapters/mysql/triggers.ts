import { migratedTables } from './migrated-tables';
import type { MysqlSide } from './mysql-side';

const query = `SELECT trigger_schema AS trigger_schema, trigger_name AS trigger_name, event_object_table AS table_name,
    action_statement AS body
  FROM information_schema.triggers WHERE trigger_schema IN (?) ORDER BY 1, 2`;

/** Comments and the contents of quotes say nothing about what runs; a comment of a version does run. */
const words = (body: string): string[] =>
  (
    body
      .replace(/\/\*(?!!|M!)[\s\S]*?\*\/|--[ \t\n][^\n]*|#[^\n]*|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"/g, ' ')
      .toLowerCase()
      .match(/`(?:[^`]|``)*`|@?[\p{L}\p{N}_$@.]+|[^\s]/gu) ?? []
  ).filter((word) => word !== ' ');

const startsWith = (all: readonly string[], at: number, expected: readonly string[]): boolean =>
  expected.every((word, index) => all[at + index] === word);

/** Where the `END IF` of the IF at this place begins; -1 when there is none. */
function endOfIf(all: readonly string[], at: number): number {
  let depth = 0;
  for (let index = at; index < all.length; index += 1) {
    const isEnd = all[index] === 'end' && all[index + 1] === 'if';
    if (isEnd) {
      depth -= 1;
      if (depth === 0) return index;
      index += 1;
      // `IF(` is the function, not the statement; `IF NOT EXISTS` of DDL cannot stand in a trigger.
    } else if (all[index] === 'if' && all[index + 1] !== '(') depth += 1;
  }
  return -1;
}

/** `DECLARE …;` computes nothing that is kept. */
function afterDeclarations(all: readonly string[], at: number): number {
  let index = at;
  while (all[index] === 'declare') index = all.indexOf(';', index) + 1 || all.length;
  return index;
}

/**
 * Does everything that the trigger does stand inside `IF @cutover_replication IS NULL THEN … END IF`, or after a first
 * statement that leaves it when the variable is set?
 */
export function isGuarded(body: string): boolean {
  const all = words(body);
  while (all.at(-1) === ';') all.pop();
  let at = 0;
  let label: string | undefined;
  if (all[1] === ':' && all[2] === 'begin') [label, at] = [all[0], 2];
  const isBlock = all[at] === 'begin';
  if (isBlock) at = afterDeclarations(all, all[at + 1] === 'not' && all[at + 2] === 'atomic' ? at + 3 : at + 1);
  if (!startsWith(all, at, ['if', '@cutover_replication', 'is'])) return false;
  if (label !== undefined && startsWith(all, at + 3, ['not', 'null', 'then', 'leave', label, ';', 'end', 'if']))
    return true;
  if (!startsWith(all, at + 3, ['null', 'then'])) return false;
  const end = endOfIf(all, at);
  if (end < 0 || all.slice(at, end).some((word) => word === 'else' || word === 'elseif')) return false;
  const rest = all.slice(end + 2).filter((word) => word !== ';');
  return isBlock ? rest[0] === 'end' && rest.length <= 2 : rest.length === 0;
}

/** Triggers of migrated tables that would act for replicated rows, too: MySQL knows no replica role. */
export async function firingTriggers(side: MysqlSide, signal: AbortSignal): Promise<string[]> {
  const tables = await migratedTables(side, signal);
  if (tables.length === 0) return [];
  const names = new Set(tables.map(({ name }) => name));
  const rows = await side.reading.rows(query, [[...new Set(tables.map(({ schema }) => schema))]], signal);
  return rows
    .filter((row) => names.has(`${row['trigger_schema']}.${row['table_name']}`) && !isGuarded(row['body'] ?? ''))
    .map((row) => `${row['trigger_schema']}.${row['trigger_name']} on ${row['table_name']}`);
}
