/** Word of the row's digest that is summed up: 60 bits, so that it is positive in every engine. */
export const wordDigits = 15;
/** Where the bucket stands in a row's digest: the last byte of that word. */
export const bucketAt = wordDigits - 1;

/** What NULL is written as; the texts of all forms begin with a digit, a sign or a letter that is no N, or with a length. */
export const nullTag = 'N';
/** What stands for a value that is compared one by one. */
export const valueTag = 'V';

/** PostgreSQL takes 100 arguments at most. */
const argumentsPerCall = 90;

/** One text of all parts, in any number. A comma is in no part but behind its length. */
export function joined(parts: readonly string[]): string {
  if (parts.length <= argumentsPerCall) return `concat_ws(',', ${parts.join(', ')})`;
  const groups: string[] = [];
  for (let at = 0; at < parts.length; at += argumentsPerCall) {
    groups.push(joined(parts.slice(at, at + argumentsPerCall)));
  }
  return joined(groups);
}
