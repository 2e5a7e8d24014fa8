import type { ScriptStatement } from '../script/split-script';

/**
 * Splits a script as the `mysql` client does: at the delimiter, which `DELIMITER` changes, outside of quotes and comments.
 * Understands what mysqldump and mariadb-dump write; conditional comments are left to the server, whose version decides.
 * Throws an Error that names the line. Source: MySQL manual, "mysql Client Commands" and "Comments".
 */
export function* splitMysqlScript(script: string): Generator<ScriptStatement> {
  const lines = lineCounter(script);
  let delimiter = ';';
  let at = 0;
  for (;;) {
    const start = afterSpace(script, at, lines);
    if (start === script.length) return;
    const command = commandAt(script, start);
    if (command !== undefined) {
      delimiter = command.delimiter;
      at = command.end;
      continue;
    }
    const end = endOfStatement(script, start, delimiter, lines);
    const sql = script.slice(start, end).trimEnd();
    if (sql !== '') yield { sql, line: lines(start) };
    at = Math.min(end + delimiter.length, script.length);
  }
}

type Lines = (at: number) => number;

/** Past white space and plain comments: a comment before a statement is no part of it. */
function afterSpace(script: string, from: number, lines: Lines): number {
  const space = /\s*/y;
  for (let at = from; ;) {
    space.lastIndex = at;
    space.exec(script);
    at = space.lastIndex;
    if (!isPlainComment(script, at)) return at;
    at = afterQuoted(script, at, lines);
  }
}

/** `DELIMITER xx`: the client keeps it to itself. */
function commandAt(script: string, at: number): { end: number; delimiter: string } | undefined {
  const command = /delimiter[^\S\n]+(\S+)[^\n]*/iy;
  command.lastIndex = at;
  const delimiter = command.exec(script)?.[1];
  return delimiter === undefined ? undefined : { end: command.lastIndex, delimiter };
}

function endOfStatement(script: string, start: number, delimiter: string, lines: Lines): number {
  const stop = new RegExp(`${escaped(delimiter)}|['"\`#]|--(?=\\s|$)|/\\*`, 'g');
  for (stop.lastIndex = start; ;) {
    const found = stop.exec(script);
    if (found === null) return script.length;
    if (found[0] === delimiter) return found.index;
    stop.lastIndex = afterQuoted(script, found.index, lines);
  }
}

const escaped = (text: string): string => text.replaceAll(/[^\w\s]/g, String.raw`\$&`);

/** The position after the quoted text or comment that begins at `at`. */
function afterQuoted(script: string, at: number, lines: Lines): number {
  const end = /['"`]/.test(script[at] ?? '')
    ? afterQuote(script, at, script[at] ?? '')
    : script.startsWith('/*', at)
      ? after(script, '*/', at + 2)
      : (after(script, '\n', at) ?? script.length);
  if (end === undefined) throw new Error(`line ${lines(at)}: a quote or comment that begins here has no end`);
  return end;
}

function afterQuote(script: string, at: number, quote: string): number | undefined {
  const stop = new RegExp(quote === '`' ? '`' : `[${quote}\\\\]`, 'g');
  stop.lastIndex = at + 1;
  for (;;) {
    const found = stop.exec(script);
    if (found === null) return undefined;
    // A doubled quote closes and opens again, which comes to the same.
    if (found[0] === quote) return stop.lastIndex;
    stop.lastIndex += 1;
  }
}

function after(script: string, mark: string, from: number): number | undefined {
  const found = script.indexOf(mark, from);
  return found === -1 ? undefined : found + mark.length;
}

/** Not the server's conditional comments; but the one that mariadb-dump begins with, which is for its client alone. */
function isPlainComment(script: string, at: number): boolean {
  const plain = /#|--(?=\s|$)|\/\*(?!M?!)|\/\*M?!999999\\-/y;
  plain.lastIndex = at;
  return plain.test(script);
}

/** Counts lines up to positions that only grow, in one pass. */
function lineCounter(script: string): Lines {
  let counted = 0;
  let line = 1;
  return (at) => {
    for (; counted < at; counted += 1) if (script[counted] === '\n') line += 1;
    return line;
  };
}
