const name = '(?:`[^`]+`|"[^"]+"|[\\w$]+)';
const writing = new RegExp(
  `\\b(?:insert(?:\\s+ignore)?\\s+into|replace\\s+into|update(?:\\s+ignore|\\s+only)?|delete\\s+from(?:\\s+only)?)\\s+(${name})(?:\\s*\\.\\s*(${name}))?`,
  'gi',
);
const bare = (quoted: string): string => quoted.replace(/^[`"]|[`"]$/g, '');

/** Tables, as `schema.table`, that the body of a trigger writes to; `schema` is where a plain name is looked up. */
export function writtenBy(body: string, schema: string): string[] {
  return [...body.matchAll(writing)].map(([, first = '', second]) =>
    second === undefined ? `${schema}.${bare(first)}` : `${bare(first)}.${bare(second)}`,
  );
}
