/**
 * A JSON document as one text, the same for every engine's way of writing it: members in the order of their names, no
 * space, numbers by value. MySQL keeps numbers as doubles or 64-bit integers, PostgreSQL as decimals with their zeros,
 * MariaDB the text itself; so whole numbers are compared exactly and others as doubles. Throws for what is not JSON.
 */
export function canonicalJson(text: string): string {
  return write(JSON.parse(numbersMarked(text)));
}

/** A number travels through JSON.parse as a text that no document holds, since a double would lose its digits. */
const MARK = '\u0001number:';

function numbersMarked(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') ? token : `"\\u0001number:${canonicalNumber(token)}"`,
  );
}

function canonicalNumber(token: string): string {
  if (/^-?\d+$/.test(token)) return BigInt(token).toString();
  const value = Number(token);
  return Number.isSafeInteger(value) ? BigInt(value).toString() : String(value);
}

function write(value: unknown): string {
  if (typeof value === 'string' && value.startsWith(MARK)) return value.slice(MARK.length);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(',')}}`;
}
