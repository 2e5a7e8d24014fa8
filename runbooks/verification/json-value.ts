/**
 * The value of a JSON text in one spelling: names sorted, no white space, no escapes but the necessary, and each number as
 * its exact digits (1.50, 15e-1 and 1.5 are one value; 9007199254740993 stays what it is). Of a name that stands twice
 * the last counts, as PostgreSQL and MySQL 8 have it. A text that is no JSON is only equal to itself.
 */
export function jsonValue(text: string): string {
  try {
    return sorted(JSON.parse(tagged(text)));
  } catch {
    return `no JSON: ${text}`;
  }
}

const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** JavaScript would round numbers: they become texts, and texts are marked so that they stay apart. */
const tagged = (text: string): string =>
  text.replace(tokens, (token) => (token.startsWith('"') ? `"s${token.slice(1)}` : `"n${exactNumber(token)}"`));

/** Digits without leading and trailing zeros, and the power of ten of the last. */
function exactNumber(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
  // No JSON: JSON.parse must see it as it is.
  if (whole.length > 1 && whole.startsWith('0')) throw new SyntaxError(token);
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [two]) => (one < two ? -1 : 1));
  return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${sorted(each)}`).join(',')}}`;
}
