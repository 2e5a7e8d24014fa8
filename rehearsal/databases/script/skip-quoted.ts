/**
 * The position after the quoted text or comment that begins at `at`; `at` itself when none begins there, undefined when
 * it has no end. Source: PostgreSQL manual, "Lexical Structure" (standard_conforming_strings on).
 */
export function skipQuoted(script: string, at: number): number | undefined {
  switch (script[at]) {
    case "'":
      return afterQuote(script, at, "'", false);
    case '"':
      return afterQuote(script, at, '"', false);
    case 'E':
    case 'e':
      return script[at + 1] === "'" && !continuesWord(script, at) ? afterQuote(script, at + 1, "'", true) : at;
    case '$':
      return continuesWord(script, at) ? at : afterDollars(script, at);
    case '-':
      return script[at + 1] === '-' ? afterLine(script, at) : at;
    case '/':
      return script[at + 1] === '*' ? afterComment(script, at) : at;
    default:
      return at;
  }
}

function continuesWord(script: string, at: number): boolean {
  return at > 0 && /[A-Za-z0-9_$\u0080-\uffff]/.test(script[at - 1] ?? '');
}

/** A doubled quote closes and opens again, which comes to the same. */
function afterQuote(script: string, at: number, quote: string, backslashEscapes: boolean): number | undefined {
  for (let position = at + 1; position < script.length; position += 1) {
    if (backslashEscapes && script[position] === '\\') position += 1;
    else if (script[position] === quote) {
      if (script[position + 1] !== quote) return position + 1;
      position += 1;
    }
  }
  return undefined;
}

function afterDollars(script: string, at: number): number | undefined {
  const tag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
  tag.lastIndex = at;
  const found = tag.exec(script)?.[0];
  // A parameter such as $1.
  if (found === undefined) return at;
  const end = script.indexOf(found, at + found.length);
  return end === -1 ? undefined : end + found.length;
}

function afterLine(script: string, at: number): number {
  const end = script.indexOf('\n', at);
  return end === -1 ? script.length : end + 1;
}

/** Comments nest. */
function afterComment(script: string, at: number): number | undefined {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at;
  for (let depth = 0; ;) {
    const found = mark.exec(script)?.[0];
    if (found === undefined) return undefined;
    depth += found === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
}
