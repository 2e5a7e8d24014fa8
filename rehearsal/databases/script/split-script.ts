import { skipQuoted } from './skip-quoted';

/** A statement of an SQL script, without its final semicolon. */
export interface ScriptStatement {
  readonly sql: string;
  /** In the script, counted from 1. */
  readonly line: number;
  /** The lines that follow a `COPY … FROM stdin`, up to its `\.`, in the format that the statement names. */
  readonly copyData?: string;
}

/**
 * Splits a script as psql does: at semicolons outside of quotes, comments, parentheses and `BEGIN ATOMIC … END` bodies,
 * with the data of `COPY … FROM stdin` inline. Understands what pg_dump writes in its plain format; a psql command that is
 * more than that is refused. Throws an Error that names the line.
 */
export function* splitScript(script: string): Generator<ScriptStatement> {
  let start = 0;
  let at = 0;
  let depth = 0;
  let body = 0;
  const lines = lineCounter(script);

  while (at < script.length) {
    const character = script[at] ?? '';
    if (character === '\\') {
      const end = endOfLine(script, at);
      refuseCommand(script.slice(at, end), lines(at), script.slice(start, at).trim() !== '');
      [at, start] = [end, end];
      continue;
    }
    const skipped = skipQuoted(script, at);
    if (skipped === undefined) throw new Error(`line ${lines(at)}: a quote or comment that begins here has no end`);
    if (skipped > at) {
      // A comment before a statement is no part of it.
      if (isComment(script, at) && script.slice(start, at).trim() === '') start = skipped;
      at = skipped;
      continue;
    }
    const word = /[A-Za-z_\u0080-\uffff]/.test(character) ? wordAt(script, at) : '';
    if (word !== '') {
      body = bodyDepth(body, word.toUpperCase(), script.slice(start, at));
      at += word.length;
      continue;
    }
    if (character === '(') depth += 1;
    if (character === ')') depth = Math.max(0, depth - 1);
    at += 1;
    if (character !== ';' || depth > 0 || body > 0) continue;

    const sql = script.slice(start, at - 1).trim();
    const line = lines(start + script.slice(start).search(/\S/));
    start = at;
    if (sql === '') continue;
    if (!/^COPY\b[^]*\bFROM\s+STDIN\b/i.test(sql)) {
      yield { sql, line };
      continue;
    }
    const data = copyData(script, at, line);
    yield { sql, line, copyData: data.text };
    [at, start] = [data.end, data.end];
  }
  const rest = script.slice(start).trim();
  if (depth > 0 || body > 0) throw new Error(`line ${lines(start)}: the statement that begins here is not complete`);
  if (rest !== '') yield { sql: rest, line: lines(start + script.slice(start).search(/\S/)) };
}

/** psql counts BEGIN and CASE against END inside CREATE FUNCTION and CREATE PROCEDURE only. */
function bodyDepth(depth: number, word: string, before: string): number {
  if (depth === 0) {
    const opens = word === 'ATOMIC' && /\bBEGIN\s+$/i.test(before) && /^\s*CREATE\b/i.test(before);
    return opens ? 1 : 0;
  }
  if (word === 'CASE' || word === 'BEGIN') return depth + 1;
  return word === 'END' ? depth - 1 : depth;
}

function copyData(script: string, from: number, line: number): { text: string; end: number } {
  const first = endOfLine(script, from);
  if (script.slice(from, first).trim() !== '')
    throw new Error(`line ${line}: nothing may follow COPY … FROM stdin; on its line`);
  // The data begins on the next line, and may be its end already.
  const end = /^\\\.[ \t]*\r?$/m;
  const data = script.slice(first + 1);
  const match = end.exec(data);
  if (match === null) throw new Error(`line ${line}: the data of this COPY has no end (a line with \\. alone)`);
  return { text: data.slice(0, match.index), end: Math.min(first + 1 + match.index + match[0].length, script.length) };
}

/**
 * What pg_dump writes of psql's commands (`\restrict` and `\unrestrict` since 2025, `\connect` with --create), and what
 * only changes what psql shows: a script means the same without them here, where the database is there already.
 */
const needless = new Set(['restrict', 'unrestrict', 'connect', 'c', 'echo', 'qecho', 'pset', 'timing', 'set', 'x']);

/** psql's other commands need psql. */
function refuseCommand(text: string, line: number, insideStatement: boolean): void {
  const name = /^\\(\w*)/.exec(text)?.[1] ?? '';
  if (!insideStatement && needless.has(name)) return;
  throw new Error(
    `line ${line}: \\${name} is a command of psql, and scripts are loaded without psql. ` +
      'Take it out, or write the script with pg_dump --format=plain',
  );
}

function isComment(script: string, at: number): boolean {
  return script.startsWith('--', at) || script.startsWith('/*', at);
}

function wordAt(script: string, at: number): string {
  const word = /[A-Za-z0-9_$\u0080-\uffff]+/y;
  word.lastIndex = at;
  return word.exec(script)?.[0] ?? '';
}

function endOfLine(script: string, at: number): number {
  const end = script.indexOf('\n', at);
  return end === -1 ? script.length : end;
}

/** Counts lines up to positions that only grow, in one pass. */
function lineCounter(script: string): (at: number) => number {
  let counted = 0;
  let line = 1;
  return (at) => {
    for (; counted < at; counted += 1) if (script[counted] === '\n') line += 1;
    return line;
  };
}
