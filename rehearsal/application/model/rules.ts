/** What a CHECK says of one column, where it is simple enough. */
export interface Limits {
  from?: bigint;
  to?: bigint;
  maxLength?: number;
}

/**
 * Understands comparisons of one column, or of its length, with whole numbers, as both engines write them back; lists of
 * labels are passed over where `labels` are known otherwise. Undefined for every other rule.
 */
export function understood(clause: string, column: string, labels: boolean): Limits | undefined {
  const text = plain(clause, column);
  if (/^json_valid \(? ?THIS ?\)?$/i.test(text)) return {};
  if (labels && /^THIS (?:= ANY|IN)\b/i.test(text)) return {};
  const limits: Limits = {};
  for (const part of text.replace(/\b(THIS) between (-?\d+) and (-?\d+)/gi, '$1 >= $2 AND $1 <= $3').split(/ AND /i)) {
    if (!take(part.trim(), limits)) return undefined;
  }
  return limits;
}

/** Without the engine's own way of writing: casts, parentheses, quotes. */
function plain(clause: string, column: string): string {
  const name = column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return clause
    .replace(/^CHECK\s*/i, '')
    .replace(/::(?:character varying|double precision|[\w.]+)(?:\(\d+\))?(?:\[\])?/g, '')
    .replace(new RegExp(`\\(?(?:\`${name}\`|"${name}"|(?<![\\w'"\`])${name}(?![\\w'"\`]))\\)?`, 'g'), ' THIS ')
    .replace(/'(-?\d+)'/g, '$1')
    .replace(/[()]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function take(part: string, limits: Limits): boolean {
  const found = /^(THIS|(?:char_|character_)?length THIS|octet_length THIS) (>=|<=|>|<) (-?\d+)$/i.exec(part);
  if (found === null) return false;
  const [, what = '', comparison, number = '0'] = found;
  const limit = BigInt(number) + (comparison === '>' ? 1n : comparison === '<' ? -1n : 0n);
  if (what !== 'THIS') {
    if (comparison?.startsWith('>')) return false;
    // A character takes at most four bytes.
    limits.maxLength = Number(limit) / (/octet/i.test(what) ? 4 : 1);
  } else if (comparison?.startsWith('>')) limits.from = limit;
  else limits.to = limit;
  return true;
}
