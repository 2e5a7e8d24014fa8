/**
 * A DMS name pattern as a test: `%` any run of characters, `_` one character, `[_]` a literal underscore,
 * `[ab]` one of a set, `[^ab]` none of it (User Guide, "Wildcards in table mapping"). Case counts.
 */
export function matcher(pattern: string): (name: string) => boolean {
  if (pattern === '%') return () => true;
  const source = pattern.replace(/\[\^?[^\]]+\]|[%_]|[\\^$.*+?()[\]{}|]/g, (token) => {
    if (token === '%') return '.*';
    if (token === '_') return '.';
    if (token.length > 1) return `[${token.startsWith('[^') ? '^' : ''}${escapeSet(token)}]`;
    return `\\${token}`;
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (name) => expression.test(name);
}

const escapeSet = (token: string): string =>
  token
    .slice(token.startsWith('[^') ? 2 : 1, -1)
    .replaceAll('\\', '\\\\')
    .replaceAll('-', '\\-')
    .replaceAll('^', '\\^');
